"""What several codes mean alike."""

from balie_whatsapp.errors.known import misbuilt, reject, retry, sign_out, slow_down

TOKEN = sign_out(
    "WhatsApp weigert het toegangstoken: het is verlopen, ingetrokken of onjuist. "
    "Een beheerder moet een nieuw token invullen.",
    "WhatsApp refuses the access token: it has expired, was withdrawn or is wrong. "
    "An admin must enter a new token.",
)
PERMISSION = sign_out(
    "Het toegangstoken mag dit niet. Een beheerder moet de app whatsapp_business_messaging geven "
    "voor dit account.",
    "The access token may not do this. An admin must give the app whatsapp_business_messaging "
    "on this account.",
)
WRONG_NUMBER_ID = sign_out(
    "WhatsApp kent dit phone_number_id niet, of het token mag er niet bij. "
    "Een beheerder moet beide nakijken.",
    "WhatsApp does not know this phone_number_id, or the token may not use it. "
    "An admin must check both.",
)
DOWN = retry(
    "WhatsApp heeft een storing; het bericht is niet verzonden.",
    "WhatsApp has trouble; the message was not sent.",
)
TOO_FAST = slow_down(
    "Er ging te veel tegelijk naar WhatsApp; het bericht is niet verzonden.",
    "Too much went to WhatsApp at once; the message was not sent.",
)
RESTRICTED = sign_out(
    "Meta heeft het WhatsApp-account beperkt of geblokkeerd. Een beheerder moet in "
    "WhatsApp Manager kijken; bereik de klant zolang anders.",
    "Meta has restricted or locked the WhatsApp account. An admin must look in "
    "WhatsApp Manager; reach the customer another way meanwhile.",
    alarm="restriction",
)
PAYMENT = retry(
    "WhatsApp verzendt niet omdat er iets mis is met de betaalwijze van het account. "
    "Een beheerder moet die in orde maken.",
    "WhatsApp does not send because something is wrong with the account's payment method. "
    "An admin must put it right.",
    900.0,  # nothing but a person helps; looking four times an hour is enough
    alarm="payment",
)
NOT_REGISTERED = sign_out(
    "Het bedrijfsnummer is niet (meer) aangemeld bij WhatsApp. Een beheerder moet het aanmelden.",
    "The business number is not (or no longer) registered with WhatsApp. An admin must do so.",
)
MALFORMED = misbuilt(
    "WhatsApp weigerde het bericht zoals het was opgesteld.",
    "WhatsApp refused the message as it was made up.",
)
MAINTENANCE = retry(
    "Het bedrijfsnummer is even in onderhoud bij WhatsApp; het bericht is niet verzonden.",
    "The business number is in maintenance at WhatsApp; the message was not sent.",
    60.0,
)
MARKETING = reject(
    "WhatsApp laat dit bericht nu niet door om de klant niet met reclame te overladen. "
    "Probeer het na 24 uur, of bereik de klant anders.",
    "WhatsApp does not let this message through now, so as not to flood the customer with "
    "marketing. Try after 24 hours, or reach the customer another way.",
)
