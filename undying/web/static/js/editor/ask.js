// A small dialogue: fields with labels, a sentence beside the one that is wrong, and nothing lost by it.
let number = 0;

/** Resolves to the values, to null when she thinks better of it, or to "remove". */
export function ask({ title, fields, done, remove }) {
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
      answer = Object.fromEntries(made.map(({ name, input }) => [name, input.value.trim()]));
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    dialog.showModal();
  });
}

function button(words, kind, value = "done") {
  const made = document.createElement("button");
  made.value = value;
  made.textContent = words;
  made.className = kind;
  return made;
}

function field({ name, label, help = "", value = "", wrong }) {
  const whole = document.createElement("div");
  whole.className = "field";
  const input = document.createElement("input");
  input.id = `ask-${++number}-${name}`;
  input.value = value;
  input.autocomplete = "off";
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
  const isRight = () => {
    error.textContent = wrong?.(input.value.trim()) || "";
    input.setAttribute("aria-invalid", String(Boolean(error.textContent)));
    return !error.textContent;
  };
  return { name, whole, input, isRight };
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

export const askImage = ({ src = "", alt = "" }) =>
  ask({
    title: src ? "Change the picture" : "Picture",
    done: src ? "Change" : "Add",
    fields: [
      {
        name: "src",
        label: "Address of the picture",
        help: "It stays where it is; this archive shows it from there.",
        value: src,
        wrong: (text) =>
          /^picture:[0-9a-f]{64}$/.test(text) || isAddress(text, ["http:", "https:"])
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
