"""Small functions that a program brings along where JavaScript has no operation of its own."""

HELPERS = {
    "zip": """\
function {name}(left, right) {{
  const length = Math.min(left.length, right.length);
  return Array.from({{ length }}, (_, i) => [left[i], right[i]]);
}}""",
    "mod": """\
function {name}(a, b) {{
  return ((a % b) + b) % b;
}}""",
    "intersection": """\
function {name}(a, b) {{
  return new Set([...a].filter((item) => b.has(item)));
}}""",
    "difference": """\
function {name}(a, b) {{
  return new Set([...a].filter((item) => !b.has(item)));
}}""",
    "symmetric_difference": """\
function {name}(a, b) {{
  return new Set([...[...a].filter((item) => !b.has(item)), ...[...b].filter((item) => !a.has(item))]);
}}""",
    "same_set": """\
function {name}(a, b) {{
  return a.size === b.size && [...a].every((item) => b.has(item));
}}""",
    "same_map": """\
function {name}(a, b) {{
  const same = ([key, value]) => b.has(key) && JSON.stringify(b.get(key)) === JSON.stringify(value);
  return a.size === b.size && [...a].every(same);
}}""",
    "same_object": """\
function {name}(a, b) {{
  const same = (key) => Object.hasOwn(b, key) && JSON.stringify(a[key]) === JSON.stringify(b[key]);
  return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every(same);
}}""",
}
"""Name → source, with the name that the program leaves free in `{name}`."""
