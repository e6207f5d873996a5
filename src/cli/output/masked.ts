/** An address with a password in it: the slashes are one where a path was made of it. */
const PASSWORD_IN_ADDRESS = /(?<![a-z\d+.-])([a-z][a-z\d+.-]*:\/+[^\s"'`:/@]*):[^\s"'`]*@/gi;
const PASSWORD_IN_PARAMETERS = /([?&](?:password|pwd)=)[^\s"'`&]*/gi;

/**
 * A text for people in which no address shows its password, up to where a space or a quotation mark would
 * end it. A net for what was given at a place where no password belongs; where one does, it is not told
 * at all.
 */
export function masked(text: string): string {
  return text.replace(PASSWORD_IN_ADDRESS, '$1:***@').replace(PASSWORD_IN_PARAMETERS, '$1***');
}
