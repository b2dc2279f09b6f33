import type { ComponentType } from "react";
import { Problem } from "./problem";
import { Loaded } from "./ui/Pane";
import { useResource } from "./useResource";

/** A part of the page whose script is loaded when it is wanted, or ahead of it. Without a connection it can be tried again. */
export interface Late<Props> {
  Part: (props: Props) => JSX.Element;
  /** Loads it, so that it is there later. */
  ahead: () => void;
}

export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): Late<Props> {
  let loaded: ComponentType<Props> | undefined;
  const once = async () => {
    try {
      return (loaded ??= await load());
    } catch {
      throw new Problem("network");
    }
  };
  return {
    Part(props) {
      const resource = useResource(loaded ? null : "part", once);
      const Ready = loaded;
      return Ready ? <Ready {...props} /> : <Loaded resource={resource}>{(Part) => <Part {...props} />}</Loaded>;
    },
    ahead: () => void once().catch(() => undefined),
  };
}
