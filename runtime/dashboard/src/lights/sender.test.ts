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
