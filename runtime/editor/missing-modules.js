/**
 * Runs in Node-RED's editor (editorTheme.page.scripts). When flows with unknown nodes come in, Node-RED names the packages
 * only if whoever exported them was a 4.1 or later, which writes a list of modules; of older exports, and of flows that are
 * loaded, it names types alone. This looks the types up in the palette's own catalogues and names the package, with the
 * way to install it. What no catalogue knows is left to Node-RED's own words.
 */
(function () {
  const SETTLE_MS = 500;
  const TEXTS = {
    en: { missing: "The flows need packages that are not installed:", open: "Open the palette", close: "Close" },
    de: {
      missing: "Die Flows brauchen Pakete, die nicht installiert sind:",
      open: "Palette öffnen",
      close: "Schließen",
    },
  };
  const told = new Set();
  const waiting = new Set();
  let timer;

  RED.events.on("nodes:add", (node) => {
    if (node.type !== "unknown" || !node.name || told.has(node.name)) return;
    // These Node-RED names by itself.
    if (node.modules && node.modules.length > 0) return;
    waiting.add(node.name);
    clearTimeout(timer);
    timer = setTimeout(() => void tell(), SETTLE_MS);
  });

  async function tell() {
    // A package that was installed meanwhile has made them known.
    const types = [...waiting].filter((type) => !RED.nodes.getType(type));
    waiting.clear();
    if (types.length === 0) return;
    const packages = (await catalogueEntries())
      .map(({ id, version, types: offered = [] }) => ({
        id,
        version,
        types: types.filter((type) => offered.includes(type)),
      }))
      .filter((found) => found.types.length > 0);
    if (packages.length === 0) return;
    for (const { types: named } of packages) for (const type of named) told.add(type);
    show(packages);
  }

  async function catalogueEntries() {
    const catalogues = RED.settings.theme("palette.catalogues") || [];
    const lists = await Promise.all(
      catalogues.map((url) =>
        fetch(url)
          .then((answer) => answer.json())
          .then(({ modules }) => modules || [])
          // The palette manager says itself when a catalogue cannot be had.
          .catch(() => []),
      ),
    );
    return lists.flat();
  }

  function show(packages) {
    const texts = TEXTS[(RED.i18n.lang() || "en").slice(0, 2)] || TEXTS.en;
    const list = $("<ul>");
    for (const { id, version, types } of packages)
      $("<li>")
        .text(`${id} ${version} (${types.join(", ")})`)
        .appendTo(list);
    const notification = RED.notify($("<div>").append($("<p>").text(texts.missing), list).html(), {
      type: "warning",
      fixed: true,
      buttons: [
        { text: texts.close, click: () => notification.close() },
        {
          text: texts.open,
          class: "primary",
          click() {
            notification.close();
            const filter = packages.map(({ id }) => `"${id}"`).join(", ");
            RED.actions.invoke("core:manage-palette", { view: "install", filter });
          },
        },
      ],
    });
  }
})();
