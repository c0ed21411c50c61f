"""The model over HTTP: OpenAI's protocol, one loaded model, as many clients at once as its batch has places.

    serving (uvicorn, signals) → guards → app (routes) → completions, chat → engine (one thread) → DecodingLoop

Requests are read and checked on the event loop, prompts are tokenized beside it, and one engine thread owns the model.
"""
