"""The report: sessions as one HTML page that needs nothing else, for a phone, a screen and paper."""
