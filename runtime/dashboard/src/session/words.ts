import { defineWords } from "../i18n/define-words";

export const sessionWords = defineWords({
  en: {
    logIn: "Log in",
    account: "Account",
    password: "Password",
    forgotten:
      "Password forgotten? An admin of the house gives you a new one under Settings, People; the owner types “npm run skein -- login-link” at the leader.",
    linkRefused: "The set-up link did not work.",
    linkOnce: "It works once and for a while. If you have not used it yourself, ask who has.",
    welcome: "The house is yours",
    welcomeText:
      "You are signed in as its owner. Choose what you are called and a password, so that you can log in again, also from elsewhere.",
    name: "Your name",
    newPassword: "New password",
    passwordHint: "10 characters or more. Three or four random words are good.",
    logInAs: (id: string) => `You log in as ${id}.`,
    save: "Save",
    later: "Later",
    laterHint: "Without a password you are known in this browser only.",
    tokenTitle: "A token for a program",
    tokenText:
      "This link brought an API token: what a phone's shortcut or a script shows instead of a password. Copy it into the app that shall use it, as the header “Authorization: Bearer …”. Whoever has it may do what it allows, so keep it to yourself.",
    token: "Token",
    toPage: "Go on to the page",
  },
  de: {
    logIn: "Anmelden",
    account: "Konto",
    password: "Passwort",
    forgotten:
      "Passwort vergessen? Ein Admin des Hauses gibt unter Einstellungen, Personen ein neues; der Besitzer tippt am Leader „npm run skein -- login-link“.",
    linkRefused: "Der Einrichtungslink hat nicht funktioniert.",
    linkOnce: "Er gilt einmal und nur eine Weile. Wer ihn nicht selbst benutzt hat, sollte klären, wer es war.",
    welcome: "Das Haus gehört Ihnen",
    welcomeText:
      "Sie sind als Besitzer angemeldet. Wählen Sie Namen und Passwort, damit Sie sich wieder anmelden können, auch von anderswo.",
    name: "Ihr Name",
    newPassword: "Neues Passwort",
    passwordHint: "10 Zeichen oder mehr. Drei oder vier zufällige Wörter sind gut.",
    logInAs: (id) => `Sie melden sich als ${id} an.`,
    save: "Speichern",
    later: "Später",
    laterHint: "Ohne Passwort kennt das Haus Sie nur in diesem Browser.",
    tokenTitle: "Ein Token für ein Programm",
    tokenText:
      "Dieser Link brachte ein API-Token: das zeigt der Kurzbefehl eines Telefons oder ein Skript statt eines Passworts. Kopieren Sie es in die App, die es benutzen soll, als Header „Authorization: Bearer …“. Wer es hat, darf, was es erlaubt; behalten Sie es für sich.",
    token: "Token",
    toPage: "Weiter zur Seite",
  },
});
