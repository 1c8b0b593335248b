// Elements, made without markup: whatever a file says becomes text and nothing else.

export const byId = (id) => document.getElementById(id);

// An element with attributes, listeners (on…) and children, which are elements or texts.
export function made(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const put = (element, ...children) => element.replaceChildren(...children.filter(Boolean));

// What may be wider than the screen scrolls by itself, with the keyboard, too.
export function wide(label, ...children) {
  return made("div", { class: "wide", tabindex: "0", role: "region", "aria-label": label }, ...children);
}

// Offers bytes to be saved under a name.
export function save(name, bytes) {
  const url = URL.createObjectURL(new Blob([bytes]));
  made("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
