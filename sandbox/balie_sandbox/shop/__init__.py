"""A small web shop: any site that shows a chat of somebody else's."""
