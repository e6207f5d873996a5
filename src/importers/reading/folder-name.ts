/** The name of a folder, in paths of any system; the path itself where it has none. 255 characters at most. */
export function folderName(folder: string): string {
  const name = folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder;
  return [...name].slice(0, 255).join('');
}
