import { icons } from "../../view/icons";
import type { Section } from "../section";
import { FollowersView } from "./view";
import { followersWords } from "./words";

/** The boards of the house: each with what the leader believes of it and why. */
export const followers: Section = {
  id: "followers",
  title: () => followersWords().title,
  icon: icons.followers,
  role: "viewer",
  view: FollowersView,
  page: ([id = ""]) => id,
};
