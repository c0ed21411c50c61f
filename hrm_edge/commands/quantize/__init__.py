"""`hrm-edge quantize` and its methods: RTN, GPTQ, QAT."""
