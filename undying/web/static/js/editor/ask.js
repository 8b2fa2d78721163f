// A small dialogue: fields with labels, a sentence beside the one that is wrong, and nothing lost by it.
let number = 0;

/** Resolves to the values, to null when she thinks better of it, or to "remove". `prepare` makes other values of them, which
 * may take a while; what it throws has a `field` and a message for her. */
export function ask({ title, fields, done, remove, prepare }) {
  const dialog = document.createElement("dialog");
  dialog.className = "editor-ask";
  const form = document.createElement("form");
  form.method = "dialog";
  form.noValidate = true;
  const heading = document.createElement("h2");
  heading.textContent = title;
  heading.id = `ask-${++number}`;
  dialog.setAttribute("aria-labelledby", heading.id);
  const made = fields.map(field);
  const row = document.createElement("p");
  row.className = "editor-ask-row";
  row.append(button(done, ""), button("Cancel", "quiet", "cancel"), ...(remove ? [button(remove, "quiet", "remove")] : []));
  form.append(heading, ...made.map(({ whole }) => whole), row);
  dialog.append(form);
  // What happens in here is no change of the page's own form.
  for (const event of ["input", "change", "submit"]) dialog.addEventListener(event, (each) => each.stopPropagation());
  document.body.append(dialog);

  return new Promise((resolve) => {
    let answer = null;
    form.addEventListener("submit", (event) => {
      const chosen = event.submitter?.value;
      if (chosen === "cancel") return;
      if (chosen === "remove") {
        answer = "remove";
        return;
      }
      const wrong = made.filter((each) => !each.isRight());
      if (wrong.length) {
        event.preventDefault();
        wrong[0].input.focus();
        return;
      }
      const values = Object.fromEntries(made.map(({ name, input }) => [name, input.files ? input.files[0] : input.value.trim()]));
      if (!prepare) {
        answer = values;
        return;
      }
      event.preventDefault();
      wait(event.submitter, prepare(values)).then(
        (prepared) => {
          answer = prepared;
          dialog.close();
        },
        (error) => made.find(({ name }) => name === error.field).refuse(error.message),
      );
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    dialog.showModal();
  });
}

async function wait(button, promise) {
  const words = button.textContent;
  Object.assign(button, { disabled: true, textContent: "One moment …" });
  try {
    return await promise;
  } finally {
    Object.assign(button, { disabled: false, textContent: words });
  }
}

function button(words, kind, value = "done") {
  const made = document.createElement("button");
  made.value = value;
  made.textContent = words;
  made.className = kind;
  return made;
}

function field({ name, label, help = "", value = "", wrong, accept, file }) {
  const whole = document.createElement("div");
  whole.className = "field";
  const input = document.createElement("input");
  input.id = `ask-${++number}-${name}`;
  if (accept) {
    Object.assign(input, { type: "file", accept });
    if (file) input.files = file;
  } else {
    Object.assign(input, { value, autocomplete: "off" });
  }
  const words = document.createElement("label");
  words.htmlFor = input.id;
  words.textContent = label;
  const hint = document.createElement("p");
  hint.className = "help";
  hint.id = `${input.id}-help`;
  hint.textContent = help;
  const error = document.createElement("p");
  error.className = "errorlist";
  error.id = `${input.id}-error`;
  input.setAttribute("aria-describedby", `${hint.id} ${error.id}`);
  whole.append(words, error, input, hint);
  const say = (words) => {
    error.textContent = words;
    input.setAttribute("aria-invalid", String(Boolean(words)));
  };
  const isRight = () => {
    say(wrong?.(input.value.trim(), whole.parentElement) || "");
    return !error.textContent;
  };
  const refuse = (words) => {
    say(words);
    input.focus();
  };
  return { name, whole, input, isRight, refuse };
}

const isAddress = (text, schemes) => {
  try {
    return schemes.includes(new URL(text).protocol);
  } catch {
    return false;
  }
};

export const askLink = ({ href, words, isThere, hasText }) =>
  ask({
    title: isThere ? "Change the link" : "Link",
    done: isThere ? "Change" : "Add",
    remove: isThere ? "Take the link away" : "",
    fields: [
      {
        name: "href",
        label: "Where it leads",
        help: "A web address, mailto: and an address, or # and a place in this text.",
        value: href,
        wrong: (text) =>
          text.startsWith("#") && text.length > 1 || isAddress(text, ["http:", "https:", "mailto:"])
            ? ""
            : "Give a whole address, such as https://example.org/page.",
      },
      ...(hasText ? [] : [{ name: "words", label: "What it says", value: words, help: "Left empty, the address itself." }]),
    ],
  });

const KINDS = "image/jpeg,image/png,image/gif,image/webp";

/** `bring` sends a file to the archive and gives the address under which texts show it; without it only addresses are asked for. */
export const askImage = ({ src = "", alt = "" }, { bring, file } = {}) =>
  ask({
    title: src ? "Change the picture" : "Picture",
    done: src ? "Change" : "Add",
    prepare: bring && (async ({ file: chosen, ...values }) => (chosen ? { ...values, src: await bring(chosen) } : values)),
    fields: [
      ...(bring
        ? [{ name: "file", label: "From this device", help: "JPEG, PNG, GIF or WebP. The archive keeps it.", accept: KINDS, file }]
        : []),
      {
        name: "src",
        label: bring ? "Or its address on the web" : "Address of the picture",
        help: "It stays where it is; this archive shows it from there.",
        value: src,
        wrong: (text, form) =>
          form.querySelector("[type=file]")?.files.length || /^picture:[0-9a-f]{64}$/.test(text) || isAddress(text, ["http:", "https:"])
            ? ""
            : "Give a whole address that begins with https://.",
      },
      {
        name: "alt",
        label: "What there is to see",
        help: "For readers who do not see it, and when it is gone.",
        value: alt,
        wrong: (text) => (text ? "" : "Say in some words what the picture shows."),
      },
    ],
  });

export const askRuby = (base) =>
  ask({
    title: "Reading above the text",
    done: "Add",
    fields: [
      { name: "base", label: "Text", value: base, wrong: (text) => (text ? "" : "Give the characters that are read.") },
      { name: "reading", label: "Reading", help: "Small, above the text.", wrong: (text) => (text ? "" : "Give their reading.") },
    ],
  });
