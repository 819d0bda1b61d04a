/** The dialog of skein-heartbeat-monitor. */
import {
  ask,
  CATEGORY,
  COLOURS,
  defaultsOf,
  followerList,
  isFollowerChoice,
  listOf,
  markWrong,
  notify,
  preselectBus,
  registerNode,
  wrongIn,
} from "@skein/palette/editor";
import type { VerdictState } from "@skein/contracts";
import { defaults, STATES, type HeartbeatMonitorConfig } from "./config";

async function sendCurrent(node: {
  id: string;
  _(key: string, values?: Record<string, unknown>): string;
}): Promise<void> {
  try {
    const { sent } = await ask<{ sent: number }>(`skein/heartbeat-monitor/${node.id}/send`, "POST");
    notify(node._("heartbeat-monitor.notify.sent", { count: sent }), "success");
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), "error");
  }
}

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
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  onadd() {
    preselectBus(this);
  },
  button: {
    // Only what is deployed can be asked.
    enabled() {
      return !this.changed;
    },
    onclick() {
      void sendCurrent(this);
    },
  },
  oneditprepare() {
    const line = $("#skein-followers");
    line.val(listOf(this.followers).join(", "));
    const check = () => markWrong(line, wrongFollowers(this, line.val()));
    line.on("input change", check);
    check();
    const list = () =>
      followerList(line, $("#skein-follower-list"), String($("#node-input-bus").val() ?? ""), {
        none: this._("heartbeat-monitor.label.noFollowers"),
        state: (state) => this._(`heartbeat-monitor.state.${state}`),
      });
    list();
    $("#node-input-bus").on("change", list);
    for (const state of STATES) {
      const box = $("<input>", { type: "checkbox", id: `skein-state-${state}` })
        .attr("data-state", state)
        .prop("checked", this.states.includes(state));
      $("#skein-states").append(
        $("<label>", { class: "skein-follower" }).append(
          box,
          $("<span>").text(this._(`heartbeat-monitor.state.${state}`)),
        ),
      );
    }
    $("#skein-send-current")
      .prop("disabled", this.changed === true)
      .on("click", (event) => {
        event.preventDefault();
        void sendCurrent(this);
      });
  },
  oneditsave() {
    this.followers = listOf($("#skein-followers").val());
    const states: VerdictState[] = [];
    $("#skein-states input:checked").each((_, box) => void states.push($(box).attr("data-state") as VerdictState));
    this.states = states;
  },
});
