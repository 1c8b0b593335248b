// What somebody gives: files with the paths they have below what was chosen.

// [{ path, file }] of an input, of a drop, or of a folder that is asked for.
export function ofInput(input) {
  return Array.from(input.files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

export async function ofDrop(transfer) {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return Array.from(transfer.files, (file) => ({ path: file.name, file }));
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ""), file });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // at most a hundred at a time
    if (!some.length) return;
    for (const one of some) await walk(one, found);
  }
}

// A folder by the browser's own dialogue (File System Access); null where there is none, and the input must do.
export async function ofPicker() {
  if (!window.showDirectoryPicker) return null;
  try {
    const folder = await window.showDirectoryPicker({ mode: "read" });
    const found = [];
    await within(folder, folder.name, found);
    return found;
  } catch (error) {
    return error.name === "AbortError" ? [] : null;
  }
}

async function within(folder, path, found) {
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === "directory") await within(handle, `${path}/${name}`, found);
    else found.push({ path: `${path}/${name}`, file: await handle.getFile() });
  }
}

// A file's bytes, and no more than one byte above the most that is read.
export async function bytesOf(file, most) {
  try {
    return new Uint8Array(await file.slice(0, most + 1).arrayBuffer());
  } catch {
    return null; // it was moved or changed since it was chosen
  }
}
