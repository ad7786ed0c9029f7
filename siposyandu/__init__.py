"""SIPosyandu: one entry at the weighing table becomes the province's number."""
