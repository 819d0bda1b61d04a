/** The dialog of skein-heartbeat-monitor. */
import {
  ask,
  CATEGORY,
  checkRow,
  COLOURS,
  defaultsOf,
  dialogButton,
  followerOffers,
  isFollowerChoice,
  listOf,
  liveList,
  markWrong,
  nodeButton,
  registerNode,
  styleLists,
  wrongIn,
  type Press,
} from "@skein/palette/editor";
import type { VerdictState } from "@skein/contracts";
import { defaults, STATES, type HeartbeatMonitorConfig } from "./config";

const sendCurrent: Press<HeartbeatMonitorConfig> = async (node) => {
  const { sent } = await ask<{ sent: number }>(`skein/heartbeat-monitor/${node.id}/send`, "POST");
  return node._("heartbeat-monitor.notify.sent", { count: sent });
};

/** What is wrong with the followers, if anything. Node-RED shows it as markup, so what was typed is not in it. */
const wrongFollowers = (node: { _(key: string): string }, followers: unknown): string | undefined =>
  wrongIn(listOf(followers), isFollowerChoice).length > 0 ? node._("heartbeat-monitor.invalid.followers") : undefined;

registerNode<HeartbeatMonitorConfig>("skein-heartbeat-monitor", {
  category: CATEGORY,
  color: COLOURS.presence,
  icon: "heartbeat-monitor.svg",
  defaults: defaultsOf(defaults, {
    bus: { type: "skein-bus" },
    followers: {
      validate(followers, _options) {
        return wrongFollowers(this, followers) ?? true;
      },
    },
  }),
  inputs: 1,
  outputs: 2,
  paletteLabel() {
    return this._("heartbeat-monitor.label.palette");
  },
  inputLabels() {
    return this._("heartbeat-monitor.label.input");
  },
  outputLabels(index) {
    return this._(index === 0 ? "heartbeat-monitor.label.changes" : "heartbeat-monitor.label.metrics");
  },
  label() {
    return this.name || listOf(this.followers).join(", ") || this._("heartbeat-monitor.label.all");
  },
  button: nodeButton(sendCurrent),
  oneditprepare() {
    const line = $("#skein-followers");
    line.val(listOf(this.followers).join(", "));
    const check = () => markWrong(line, wrongFollowers(this, line.val()));
    line.on("input change", check);
    check();
    styleLists();
    const stateText = (state: string) => this._(`heartbeat-monitor.state.${state}`);
    const list = () =>
      liveList(
        line,
        $("#skein-follower-list"),
        followerOffers(String($("#node-input-bus").val() ?? ""), stateText),
        this._("heartbeat-monitor.label.noFollowers"),
      );
    list();
    $("#node-input-bus").on("change", list);
    for (const state of STATES) {
      const box = $("<input>", { type: "checkbox", id: `skein-state-${state}` })
        .attr("data-state", state)
        .prop("checked", this.states.includes(state));
      $("#skein-states").append(checkRow(box, stateText(state)));
    }
    dialogButton("#skein-send-current", this, sendCurrent);
  },
  oneditsave() {
    this.followers = listOf($("#skein-followers").val());
    const states: VerdictState[] = [];
    $("#skein-states input:checked").each((_, box) => void states.push($(box).attr("data-state") as VerdictState));
    this.states = states;
  },
});
