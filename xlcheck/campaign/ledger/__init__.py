"""The ledger of a campaign: its tables, and what is read from them and written into them. It knows no checking."""
