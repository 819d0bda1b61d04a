import { defineWords, plural } from "../i18n/define-words";

export const lightAddingWords = defineWords({
  en: {
    addLight: "Add light",
    aboutLight:
      "A Kasa or Tapo lamp, plug or strip in the same network. It is spoken to directly, not through its maker.",
    nothingFound: "No new one has been found in the network yet.",
    lookAgain: "Look again",
    byAddress: "By its address",
    address: "Address",
    addressHint: "For one in another network, or where the router swallows broadcasts: 192.168.1.20",
    ask: "Ask there",
    answers: (count: number) =>
      plural("en", count, {
        one: "1 answers: it is in the list above.",
        other: `${count} answer: they are in the list above.`,
      }),
    answersHere: (names: string) => `What answers there is in the house already: ${names}.`,
    movedHere: (names: string) => `It has moved here and is reached here from now on: ${names}.`,
    nobodyNew: "Nobody new answered.",
    nobodyAt: (host: string) => `Nobody answers at ${host}.`,
    account: "Account for newer devices",
    accountText:
      "Newer devices want the user and password of the account that they were set up with, even here at home. They are kept encrypted, stay in this house and are sent to no one: a device checks only a hash.",
    accountSet: "An account has been entered; a new one replaces it.",
    username: "E-mail of the account",
    password: "Password",
    saveAccount: "Keep the account",
    adopt: "Add to the house",
    others: "Another one",
    name: "Name",
    room: "Room",
    noRoom: "None yet",
    nameHint: "Left empty, it is called what it calls itself.",
    added: (name: string) => `${name} is in the house.`,
    see: "Show it",
  },
  de: {
    addLight: "Licht hinzufügen",
    aboutLight:
      "Eine Lampe, Steckdose oder Leiste von Kasa oder Tapo im selben Netz. Sie wird direkt angesprochen, nicht über den Hersteller.",
    nothingFound: "Im Netz wurde noch kein neues gefunden.",
    lookAgain: "Noch einmal suchen",
    byAddress: "Über seine Adresse",
    address: "Adresse",
    addressHint: "Für eines in einem anderen Netz, oder wenn der Router Rundrufe verschluckt: 192.168.1.20",
    ask: "Dort fragen",
    answers: (count) =>
      plural("de", count, {
        one: "1 antwortet und steht oben in der Liste.",
        other: `${count} antworten und stehen oben in der Liste.`,
      }),
    answersHere: (names) => `Was dort antwortet, ist schon im Haus: ${names}.`,
    movedHere: (names) => `Ist hierher umgezogen und wird von jetzt an hier erreicht: ${names}.`,
    nobodyNew: "Niemand Neues hat geantwortet.",
    nobodyAt: (host) => `Unter ${host} antwortet niemand.`,
    account: "Konto für neuere Geräte",
    accountText:
      "Neuere Geräte verlangen auch zu Hause Benutzer und Passwort des Kontos, mit dem sie eingerichtet wurden. Sie werden verschlüsselt verwahrt, bleiben im Haus und werden niemandem geschickt: Ein Gerät prüft nur einen Hash.",
    accountSet: "Ein Konto ist eingetragen; ein neues ersetzt es.",
    username: "E-Mail des Kontos",
    password: "Passwort",
    saveAccount: "Konto verwahren",
    adopt: "Ins Haus aufnehmen",
    others: "Ein anderes",
    name: "Name",
    room: "Raum",
    noRoom: "Noch keiner",
    nameHint: "Bleibt es leer, heißt es so, wie es sich selbst nennt.",
    added: (name) => `${name} ist im Haus.`,
    see: "Zeigen",
  },
});
