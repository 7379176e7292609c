// Asks the device for a passkey and sends what it answers; everything else is done by the server.
"use strict";

const form = document.querySelector("form[data-passkey]");

function complain(text) {
  const trouble = form.querySelector("[data-trouble]");
  trouble.textContent = text;
  trouble.hidden = false;
}

async function ask() {
  const isNew = form.dataset.passkey === "create";
  const options = JSON.parse(form.dataset.options);
  const read = isNew ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
  const publicKey = PublicKeyCredential[read](options);
  const answer = await (isNew ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
  form.elements.credential.value = JSON.stringify(answer.toJSON());
  form.submit();
}

if (form) {
  const words = form.querySelector("[data-trouble]").dataset;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const isNew = "PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential;
    if (isNew) {
      ask().catch(() => complain(words.trouble));
    } else {
      complain(words.tooOld);
    }
  });
}
