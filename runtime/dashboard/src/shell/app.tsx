import { SetUp } from "../session/set-up";
import { Login } from "../session/login";
import { TokenLink } from "../session/token-link";
import { usePage } from "../view/page";
import { Frame } from "./frame";
import { Waiting } from "./waiting";

/** The whole page: who asks decides what there is to see. */
export function App() {
  const { session, house, router } = usePage();
  const { token } = router.brought.value;
  if (token !== undefined) return <TokenLink token={token} />;
  if (session.standing.value === "out") return <Login />;
  if (session.fresh.value) return <SetUp />;
  // With the leader away there may be what was last known.
  if (house.about.value === undefined || session.me.value === undefined) return <Waiting />;
  return <Frame />;
}
