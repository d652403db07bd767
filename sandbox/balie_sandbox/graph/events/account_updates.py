"""The events of field ``account_update`` and what each brings along (reference 5.1)."""

from typing import Any

FAR_OFF = 1_893_456_000

#: The keys beside ``event``. {waba} and {business} are filled in.
ACCOUNT_UPDATES: dict[str, dict[str, Any]] = {
    "ACCOUNT_DELETED": {},
    "ACCOUNT_VIOLATION": {"violation_info": {"violation_type": "SCAM"}},
    "ACCOUNT_RESTRICTION": {
        "restriction_info": [
            {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": FAR_OFF},
            {"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION", "expiration": FAR_OFF},
        ]
    },
    "DISABLED_UPDATE": {
        "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "November 21, 2026"}
    },
    "PARTNER_ADDED": {"waba_info": {"waba_id": "{waba}", "owner_business_id": "{business}"}},
    "PARTNER_REMOVED": {
        "waba_info": {"waba_id": "{waba}", "owner_business_id": "{business}"},
        "disconnection_info": {"reason": "APP_UNINSTALLED", "initiated_by": "USER"},
    },
    "PARTNER_APP_INSTALLED": {
        "waba_info": {
            "waba_id": "{waba}",
            "owner_business_id": "{business}",
            "partner_app_id": "{app}",
        }
    },
    "PARTNER_APP_UNINSTALLED": {
        "waba_info": {
            "waba_id": "{waba}",
            "owner_business_id": "{business}",
            "partner_app_id": "{app}",
        }
    },
    "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE": {
        "partner_client_certification_info": {
            "client_business_id": "{business}",
            "status": "APPROVED",
            "rejection_reasons": [],
        }
    },
    "AD_ACCOUNT_LINKED": {"waba_info": {"waba_id": "{waba}", "owner_business_id": "{business}"}},
    "MM_LITE_TERMS_SIGNED": {"waba_info": {"waba_id": "{waba}", "owner_business_id": "{business}"}},
    "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE": {
        "auth_international_rate_eligibility": {
            "start_time": FAR_OFF,
            "exception_countries": [{"country_code": "IN", "start_time": FAR_OFF}],
        }
    },
    "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE": {"country": "NL"},
    "VOLUME_BASED_PRICING_TIER_UPDATE": {
        "volume_tier_info": {
            "tier_update_time": FAR_OFF,
            "pricing_category": "UTILITY",
            "tier": "25000001:50000000",
            "effective_month": "2026-11",
            "region": "Netherlands",
        }
    },
    "ACCOUNT_OFFBOARDED": {},
    "ACCOUNT_RECONNECTED": {},
    "VERIFIED_ACCOUNT": {},
}
