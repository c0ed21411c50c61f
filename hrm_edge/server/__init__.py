"""The model over HTTP: OpenAI's protocol, one loaded model, as many clients at once as its batch has places.

    serving (uvicorn, signals) → guards → app (routes) → completions, chat → engine (one thread) → DecodingLoop

Requests are checked on the event loop, one engine thread owns the model, and beside both stand two threads: one looks
requests up in the local index and tokenizes them, one runs answers in the sandbox (assistance).
"""
