/** The little that this page needs to build its elements. */

type Child = Node | string | null;

/** Makes an element: properties are set as such (`className`, `textContent`), names with a dash as attributes. */
export const element = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<Omit<HTMLElementTagNameMap[Tag], 'style'>> & Record<`${string}-${string}`, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-')) made.setAttribute(name, String(value));
    else Object.assign(made, { [name]: value });
  }
  made.append(...children.filter((child) => child !== null));
  return made;
};

const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** The text with its web addresses as links; everything else stays text. */
export const linked = (text: string): (Node | string)[] => {
  const parts: (Node | string)[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(from, match.index));
    parts.push(element('a', { href: match[0], target: '_blank', rel: 'noopener noreferrer', textContent: match[0] }));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
};
