/**
 * What a text from the environment means where an option is no text: the JSON that it is (`5432`,
 * `true`, `["error"]`), or else itself, for the option to refuse.
 */
export function valueOfText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON: then it is a text, as it stands.
    return text;
  }
}
