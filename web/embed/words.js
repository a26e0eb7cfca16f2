// What an element says itself, around the sandbox that it starts: in the languages of `lang`.

const english = {
  start: "Run it here",
  cannotStart: (text) => `This sandbox cannot start: ${text}`,
  badLink: (text) => `This link cannot be opened: ${text}`,
  notRunning: "this sandbox does not run yet: call start() and wait for it",
  oneOf: (name, names) => `${name} must be one of ${names.join(", ")}`,
  seed: "seed must be a whole number of at most 15 digits",
  session: (max) => `a session may have ${max} characters`,
  commands: (max) => `commands may have ${max} characters`,
  commandCount: (max) => `there may be ${max} commands`,
  src: "src must be a file of the document's own site",
  cannotLoad: (what, status) => `cannot load ${what}: ${status}`,
  scenario: (name, names) => `there is no scenario ${name}: choose one of ${names.join(", ")}`,
  at: "at must be a length of time such as 90s, 5m or 2h",
  atMax: "at may be a year at most",
};

const german = {
  start: "Hier ausführen",
  cannotStart: (text) => `Diese Sandbox kann nicht starten: ${text}`,
  badLink: (text) => `Dieser Link lässt sich nicht öffnen: ${text}`,
  notRunning: "diese Sandbox läuft noch nicht: start() aufrufen und darauf warten",
  oneOf: (name, names) => `${name} muss eines von ${names.join(", ")} sein`,
  seed: "seed muss eine ganze Zahl mit höchstens 15 Ziffern sein",
  session: (max) => `eine Sitzung darf ${max} Zeichen haben`,
  commands: (max) => `commands darf ${max} Zeichen haben`,
  commandCount: (max) => `es dürfen ${max} Befehle sein`,
  src: "src muss eine Datei derselben Website sein",
  cannotLoad: (what, status) => `${what} lässt sich nicht laden: ${status}`,
  scenario: (name, names) => `es gibt kein Szenario ${name}: möglich sind ${names.join(", ")}`,
  at: "at muss eine Dauer sein, etwa 90s, 5m oder 2h",
  atMax: "at darf höchstens ein Jahr sein",
};

/** The words for a language tag such as `de` or `de-AT`; English for what is not known. */
export function wordsFor(lang) {
  return /^de(-|$)/i.test(lang ?? "") ? german : english;
}
