"""A campaign told to others: the notice (通报) as a document that is ready to be signed, and 审核汇总 from the ledger."""
