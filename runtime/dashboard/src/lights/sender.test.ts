import { createSender } from "./sender";

/** Answers when the test says so. */
function slowLight() {
  const sent: object[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const sender = createSender(
    (change) =>
      new Promise<void>((resolve, reject) => {
        sent.push(change);
        answers.push((error) => (error ? reject(error) : resolve()));
      }),
  );
  const answer = async (error?: Error) => {
    answers.shift()?.(error);
    await new Promise(setImmediate);
  };
  return { sender, sent, answer };
}

it("has one change under way, and sends the newest of those that came meanwhile", async () => {
  const { sender, sent, answer } = slowLight();
  for (const brightness of [10, 20, 30, 40]) sender.send({ brightness });
  expect(sent).toEqual([{ brightness: 10 }]);
  expect(sender.asked.value).toEqual({ brightness: 40 });
  await answer();
  expect(sent).toEqual([{ brightness: 10 }, { brightness: 40 }]);
  expect(sender.asked.value).toEqual({ brightness: 40 });
  await answer();
  expect(sender.asked.value).toBeUndefined();
});

it("keeps why one failed until the next goes well, and asks nothing twice", async () => {
  const { sender, sent, answer } = slowLight();
  const why = new Error("not reached");
  sender.send({ on: true });
  await answer(why);
  expect([sender.failure.value, sender.asked.value, sent.length]).toEqual([why, undefined, 1]);
  sender.send({ on: true });
  await answer();
  expect(sender.failure.value).toBeUndefined();
});

it("keeps what waits beside the newer one, unless they exclude each other", async () => {
  const { sender, sent, answer } = slowLight();
  const last = async (...changes: object[]) => {
    sender.send({ on: true });
    for (const change of changes) sender.send(change);
    await answer();
    await answer();
    return sent.at(-1);
  };
  expect(await last({ brightness: 40 }, { hue: 120, saturation: 80 })).toEqual({
    brightness: 40,
    hue: 120,
    saturation: 80,
  });
  expect(await last({ hue: 120, saturation: 80 }, { kelvin: 4000 })).toEqual({ kelvin: 4000 });
  expect(await last({ effect: "Aurora" }, { brightness: 10 })).toEqual({ effect: "Aurora", brightness: 10 });
  expect(await last({ brightness: 40 }, { on: false })).toEqual({ on: false });
  expect(await last({ on: false }, { brightness: 7 })).toEqual({ brightness: 7 });
});
