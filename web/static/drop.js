// Files and whole folders may be dropped anywhere on the page; what cannot be read is named before anything is sent.
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
    if (found.length > limit("most")) return;
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

  // Leaves in the field what can be read; whether that is all there was
  function take(files, also = []) {
    const lines = [...also, ...files.map(wrongWith).filter(Boolean)].map(line => `${line}.`);
    const good = files.filter(file => !wrongWith(file));
    const size = good.reduce((sum, file) => sum + file.size, 0);
    const isTooMuch = good.length > limit("most") || size > limit("archiveBytes");
    const chosen = new DataTransfer();
    if (!isTooMuch) good.forEach(file => chosen.items.add(file));
    field.files = chosen.files;
    if (isTooMuch) lines.unshift(words.many);
    else if (lines.length) lines.push(good.length ? words.rest : words.nothing);
    complain(lines);
    return !lines.length && good.length > 0;
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
    try {
      if (take(...await unpack(event.dataTransfer))) form.requestSubmit();
    } catch {
      complain([words.failed]); // moved or unplugged meanwhile
    }
  });
  field.addEventListener("change", () => take([...field.files]));
  form.addEventListener("submit", () => { sending.hidden = false; });
  addEventListener("pageshow", () => { sending.hidden = true; });
})();
