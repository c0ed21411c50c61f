"""`hrm-edge data`: building, looking into, indexing and distilling data, and learning a tokenizer from it."""
