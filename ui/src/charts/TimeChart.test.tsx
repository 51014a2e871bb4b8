import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "@/testing/render";
import { TimeChart } from "./TimeChart";

const MINUTE = 60_000;

function draw(values: number[], refused: number[]) {
  show(
    <TimeChart
      label="Events over time"
      times={values.map((_, index) => index * MINUTE)}
      series={[
        { name: "Accepted", colour: "accent", values },
        { name: "Refused", colour: "bad", values: refused },
      ]}
      marks="bars"
      format={String}
    />,
  );
  return screen.getByRole("img", { name: "Events over time" });
}

const bars = (picture: HTMLElement) =>
  [...picture.querySelectorAll("rect")].map((bar) => [bar.dataset.colour, Number(bar.getAttribute("height"))]);

test("a bar stands for each value, none for nothing, and the heights are in proportion", () => {
  const [small, large, refused] = bars(draw([1, 4, 0], [0, 0, 2]));
  expect([small?.[0], large?.[0], refused?.[0]]).toEqual(["accent", "accent", "bad"]);
  expect(Number(large?.[1]) / Number(small?.[1])).toBeCloseTo(4);
  expect(Number(refused?.[1]) / Number(small?.[1])).toBeCloseTo(2);
});

test("a single event among many is still to be seen", () => {
  const [, , one] = bars(draw([100_000, 100_000, 1], [0, 0, 0]));
  expect(Number(one?.[1])).toBeGreaterThanOrEqual(1);
});

test("arrow keys walk through the figures, from the newest", () => {
  const plot = draw([11, 22, 33], [0, 5, 0]).parentElement as HTMLElement;
  fireEvent.keyDown(plot, { key: "ArrowLeft" });
  expect(screen.getByText("33")).toBeTruthy();
  fireEvent.keyDown(plot, { key: "ArrowLeft" });
  expect(screen.getByText("22")).toBeTruthy();
  fireEvent.blur(plot);
  expect(screen.queryByText("22")).toBeNull();
});
