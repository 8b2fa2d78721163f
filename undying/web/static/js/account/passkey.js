// Passkeys: the browser's own dialogue, and its answer sent as a form. Where there are none, the form stays hidden.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  buffer &&
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));

const make = ({ publicKey: asked }) =>
  navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: known(asked.excludeCredentials),
    },
  });

const use = ({ publicKey: asked }) =>
  navigator.credentials.get({
    publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) },
  });

function told(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (made.response[name]) response[name] = text(made.response[name]);
  return JSON.stringify({
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response,
    clientExtensionResults: made.getClientExtensionResults(),
  });
}

async function asked(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  return (await fetch(form.action, { headers: { Accept: "application/json" } })).json();
}

async function answer(event) {
  const form = event.target;
  const trouble = form.querySelector("[data-trouble]");
  event.preventDefault();
  trouble.textContent = "";
  try {
    const options = await asked(form);
    form.elements.credential.value = told(await (form.dataset.passkey === "make" ? make : use)(options));
    form.submit();
  } catch (error) {
    trouble.textContent = "Your browser did not go through with it. Try again, or do it another way.";
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", answer);
  }
  for (const each of document.querySelectorAll("[data-no-passkeys]")) each.hidden = true;
}
