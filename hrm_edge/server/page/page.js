// The page of hrm-edge serve: sends a request and shows its answer as it comes. Whatever comes from the server or the
// model is shown by textContent and is never read as HTML.
"use strict";

const at = (id) => document.getElementById(id);
let running = null; // the AbortController of the answer at hand
let model = "";

function headers() {
  const key = at("key").value;
  return { "Content-Type": "application/json", ...(key ? { Authorization: `Bearer ${key}` } : {}) };
}

function say(text, isError = false) {
  at("status").textContent = text;
  at("status").classList.toggle("error", isError);
}

async function refused(response) {
  if (response.status === 401) at("key-row").hidden = false;
  try {
    return new Error((await response.json()).error.message);
  } catch {
    return new Error(`the server answered ${response.status}`);
  }
}

async function findModel() {
  const response = await fetch("/v1/models", { headers: headers() });
  if (!response.ok) throw await refused(response);
  model = (await response.json()).data[0].id;
  at("model").textContent = model;
}

// An answer is one fenced code block; what stands in it is the code, also while the closing fence has not come.
function show(text) {
  const fenced = /^\s*```([^\n`]*)\n([\s\S]*?)(?:\n```[\s\S]*)?$/.exec(text);
  at("answer-language").textContent = fenced ? fenced[1] : "";
  at("answer").textContent = fenced ? fenced[2] : text;
}

// What the last chunk says of the answer: whether it was run, what else was tried, what it leans on.
function showVerdict({ verified, reason, source, trials }) {
  at("verified").textContent = verified ? `verified (${reason})` : `not verified: ${reason}`;
  at("verified").dataset.verdict = String(verified);
  at("source").textContent = source ? `leans on ${source.name} (${source.licence}): ${source.request}` : "";
  at("trials").replaceChildren(...(trials ?? []).map((trial) => {
    const item = document.createElement("li");
    const result = trial.failure ? `${trial.passed} of ${trial.examples}: ${trial.failure}` : "all examples hold";
    item.textContent = trial.origin === "repair" ? `repair of ${trial.parent + 1}: ${result}` : result;
    return item;
  }));
}

function clear() {
  show("");
  for (const id of ["verified", "source", "trials"]) at(id).replaceChildren();
}

// The JSON objects of a stream of server-sent events.
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    held += value;
    const parts = held.split("\n\n");
    held = parts.pop();
    for (const part of parts) {
      const data = part.replace(/^data: /, "");
      if (data === "[DONE]") return;
      yield JSON.parse(data);
    }
  }
}

async function ask() {
  const body = {
    model,
    messages: [{ role: "user", content: at("request").value }],
    stream: true,
    stream_options: { include_usage: true },
    candidates: "auto",
    ...(at("language").value ? { language: at("language").value } : {}),
  };
  const response = await fetch("/v1/chat/completions", {
    method: "POST", headers: headers(), body: JSON.stringify(body), signal: running.signal,
  });
  if (!response.ok) throw await refused(response);
  const start = performance.now();
  let text = "";
  for await (const event of events(response)) {
    if (event.error) throw new Error(event.error.message);
    const choice = event.choices[0];
    if (choice) {
      text += choice.delta.content ?? "";
      show(text);
      if (choice.progress) say(choice.progress);
      if ("verified" in choice) showVerdict(choice);
    }
    if (event.usage) {
      const seconds = (performance.now() - start) / 1000;
      say(`${event.usage.completion_tokens} tokens in ${seconds.toFixed(1)} s`);
    }
  }
}

async function submit(event) {
  event.preventDefault();
  if (running) return;
  running = new AbortController();
  at("ask").disabled = true;
  at("stop").disabled = false;
  clear();
  say("…");
  try {
    if (!model) await findModel();
    await ask();
  } catch (error) {
    if (error.name === "AbortError") say("stopped");
    else say(error.message, true);
  } finally {
    running = null;
    at("ask").disabled = false;
    at("stop").disabled = true;
  }
}

at("form").addEventListener("submit", submit);
at("stop").addEventListener("click", () => running?.abort());
at("request").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("form").requestSubmit();
});
findModel().catch((error) => say(error.message, true));
