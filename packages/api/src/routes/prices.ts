/** Prices by the unit and exchange rates in use, and their refresh. */
import { currencyAnswers, priceAnswers, ratesAnswer } from "../answers.ts";
import type { Handlers } from "../handler.ts";
import { badField, problem } from "../problem.ts";

export const priceRoutes: Handlers<"listPrices" | "refreshPrices"> = {
  listPrices({ query }, { prices, store, vendors }) {
    const known = vendors.map((each) => each.id);
    if (query.vendor !== undefined && !known.includes(query.vendor))
      return badField("vendor", `Keybrake knows no such vendor; say one of: ${known.join(", ")}.`, { known });
    const now = store.now();
    const rates = prices.rates();
    const data = prices
      .cards()
      .filter((each) => query.vendor === undefined || each.vendor === query.vendor)
      .flatMap((each) => priceAnswers(each, now));
    return { data, rates: { ...ratesAnswer(rates, now), currencies: currencyAnswers(rates.table, now) } };
  },

  async refreshPrices(_call, { prices, store, inTurn }) {
    const refreshed = await inTurn("prices", () => prices.refresh());
    if (refreshed.kind === "bad_files") {
      const { problems } = refreshed;
      return problem(409, "price_files_invalid", `Nothing was changed. ${problems.join(" ")}`, { facts: { problems } });
    }
    const { files, livePricesForgotten, feed } = refreshed;
    return {
      prices_files: files,
      live_prices_forgotten: livePricesForgotten,
      rates: {
        ...ratesAnswer(prices.rates(), store.now()),
        feed: feed.kind,
        why: feed.kind === "failed" ? feed.why : null,
      },
    };
  },
};
