// Files and whole folders may be dropped anywhere on the page; what cannot be read is named before anything is sent,
// and what is more than one request may bring is sent in several.
"use strict";

(() => {
  const form = document.querySelector("form[data-drop]");
  if (!form) return;
  const field = form.elements.files;
  const trouble = form.querySelector("[data-trouble]");
  const sending = form.querySelector("[data-sending]");
  const words = form.dataset;
  const limit = name => Number(words[name]);
  const endings = field.accept.split(",");
  const named = (text, name) => text.replace("{name}", () => name.slice(-80));

  function wrongWith(file) {
    const name = file.name.toLowerCase();
    if (!endings.some(ending => name.endsWith(ending))) return named(words.wrong, file.name);
    const kind = name.endsWith(".zip") ? "archive" : "file";
    return file.size > limit(`${kind}Bytes`) ? named(words[`${kind}Large`], file.name) : "";
  }

  // What was dropped

  const asked = ask => new Promise((done, failed) => ask(done, failed));

  // What can be read in a folder and the folders in it; whatever else lies there was hardly meant
  async function gather(entry, found) {
    if (found.length > limit("all") || entry.name.startsWith(".")) return; // what systems keep for themselves is hidden
    if (entry.isFile) {
      const file = await asked((done, failed) => entry.file(done, failed));
      if (!wrongWith(file)) found.push(file);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await asked((done, failed) => reader.readEntries(done, failed)); // a hundred at a time
      if (!some.length) return;
      for (const one of some) await gather(one, found);
    }
  }

  async function unpack(transfer) {
    const plain = [...transfer.files];
    const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean); // gone after the event
    const folders = entries.filter(entry => entry.isDirectory);
    const names = new Set(folders.map(folder => folder.name));
    const files = plain.filter(file => !names.has(file.name));
    const empty = [];
    for (const folder of folders) {
      const found = [];
      await gather(folder, found);
      files.push(...found);
      if (!found.length) empty.push(named(words.empty, folder.name));
    }
    return [files, empty];
  }

  // What is said of it

  function complain(lines) {
    const shown = lines.slice(0, 10);
    if (lines.length > shown.length) shown.push(words.more.replace("{refused}", lines.length - shown.length));
    trouble.replaceChildren(...shown.map(line => Object.assign(document.createElement("p"), { textContent: line })));
    trouble.hidden = !lines.length;
  }

  function put(files) {
    const chosen = new DataTransfer();
    files.forEach(file => chosen.items.add(file));
    field.files = chosen.files;
  }

  // Leaves in the field what can be read; whether that is all there was
  function take(files, also = []) {
    const lines = [...also, ...files.map(wrongWith).filter(Boolean)].map(line => `${line}.`);
    const good = files.filter(file => !wrongWith(file));
    const isTooMuch = good.length > limit("all");
    put(isTooMuch ? [] : good);
    if (isTooMuch) lines.unshift(words.many);
    else if (lines.length) lines.push(good.length ? words.rest : words.nothing);
    complain(lines);
    return !lines.length && good.length > 0;
  }

  // How it is sent: what one request may bring by the form itself, all before that in turns of as much. The newest go
  // first: what is said of the last days rests on the weeks before them, and has them then.

  const byAge = (one, other) => other.lastModified - one.lastModified || (one.name < other.name ? 1 : -1);

  function turnsOf(files) {
    const turns = [[]];
    let size = 0;
    for (const file of files.sort(byAge)) {
      const isFull = turns.at(-1).length === limit("most") || size + file.size > limit("archiveBytes");
      if (isFull && turns.at(-1).length) {
        turns.push([]);
        size = 0;
      }
      turns.at(-1).push(file);
      size += file.size;
    }
    return turns;
  }

  // A turn after which others come; what was not taken of it, in sentences
  async function send(files) {
    const body = new FormData(form);
    body.delete("files");
    files.forEach(file => body.append("files", file));
    body.append("more", "yes");
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    const { since, handed, refused } = await answer.json();
    form.elements.since.value = since;
    form.elements.handed.value = handed;
    return refused;
  }

  async function sendAll(turns) {
    let refused = [];
    try {
      while (turns.length > 1 && !refused.length) {
        refused = await send(turns[0]);
        turns.shift();
      }
    } catch {
      refused = [""]; // the page of an error, or none at all
    }
    put(turns.flat());
    if (!refused.length) return form.submit();
    complain([...refused.filter(Boolean), words.stopped]);
    sending.hidden = true;
  }

  // Where it comes from

  const brings = event => event.dataTransfer?.types.includes("Files");
  const hover = isOver => form.classList.toggle("is-over", isOver);

  document.addEventListener("dragover", event => {
    if (!brings(event)) return;
    event.preventDefault(); // or the browser would open the file in place of the page
    event.dataTransfer.dropEffect = "copy";
    hover(true);
  });
  document.addEventListener("dragleave", event => event.relatedTarget || hover(false));
  document.addEventListener("drop", async event => {
    if (!brings(event)) return;
    event.preventDefault();
    hover(false);
    if (!sending.hidden) return complain([words.busy]); // to send the form again would break off what is on the way
    try {
      if (take(...await unpack(event.dataTransfer))) form.requestSubmit();
    } catch {
      complain([words.failed]); // moved or unplugged meanwhile
    }
  });
  field.addEventListener("change", () => take([...field.files]));
  form.addEventListener("submit", event => {
    const turns = turnsOf([...field.files]);
    if (turns.length > 1) {
      event.preventDefault();
      if (sending.hidden) sendAll(turns);
    }
    sending.hidden = false;
  });
  addEventListener("pageshow", () => {
    sending.hidden = true;
    form.elements.since.value = form.elements.handed.value = "";
  });
})();
