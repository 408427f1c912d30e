// Products and prices: what is for sale. No money moves here.

import { checkCurrency } from "../currency.ts";
import { invalidParameter, missingParameter, noSuchObject, refusedByState } from "../errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { Price, Product } from "../objects.ts";
import { template } from "../objects.ts";
import type { Params } from "../params.ts";
import type { Call, Handler } from "../world.ts";
import { equalTo, list, metadata, oneOf, searchResult, textOr } from "./shared.ts";

const PUBLISHED_PRODUCT = template("product");
const PUBLISHED_PRICE = template("price");

function addProduct(call: Call, params: Params): Product {
  const { world, origin } = call;
  const name = params.requiredText("name");
  const created = world.seconds();
  const product = {
    ...PUBLISHED_PRODUCT,
    id: params.text("id") ?? world.newId("prod_"),
    object: "product",
    active: params.boolean("active") ?? true,
    created,
    default_price: null,
    description: textOr(params, "description", null),
    images: params.texts("images"),
    metadata: metadata(params),
    name,
    package_dimensions: null,
    statement_descriptor: textOr(params, "statement_descriptor", null),
    type: "service",
    unit_label: textOr(params, "unit_label", null),
    updated: created,
    url: textOr(params, "url", null),
  } as Product;
  if (world.products.find(product.id) !== undefined) {
    throw invalidParameter("Product already exists.", "resource_already_exists", "id");
  }
  world.products.add(product, origin);
  world.emit(origin, "product.created", product);
  return product;
}

const createProduct: Handler = (call) => {
  const product = addProduct(call, call.params);
  const price = call.params.map("default_price_data");
  if (price !== undefined) product.default_price = addPrice(call, price, product.id).id;
  return product;
};

const updateProduct: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const product = requireProduct(call, id, "id", 404);
  product.active = params.boolean("active") ?? product.active;
  product.metadata = metadata(params, product.metadata);
  for (const field of ["name", "description", "statement_descriptor", "unit_label", "url"]) {
    product[field] = textOr(params, field, product[field] ?? null);
  }
  const price = params.text("default_price");
  if (price !== undefined)
    product.default_price = price === "" ? null : requirePrice(call, price, "default_price", 400).id;
  product.updated = world.seconds();
  world.emit(origin, "product.updated", product);
  return product;
};

const deleteProduct: Handler = (call, [id = ""]) => {
  const product = requireProduct(call, id, "id", 404);
  for (const { object } of call.world.prices.oldestFirst()) {
    if (object.product !== id) continue;
    throw refusedByState("This product cannot be deleted because it has one or more user-created prices.", null, null);
  }
  call.world.products.delete(id);
  call.world.emit(call.origin, "product.deleted", product);
  return { id, object: "product", deleted: true };
};

function addPrice(call: Call, params: Params, product: string): Price {
  const { world, origin } = call;
  const currency = checkCurrency(params.requiredText("currency"));
  const unit = params.integer("unit_amount");
  const decimal = params.text("unit_amount_decimal");
  if (unit === undefined && decimal === undefined) throw missingParameter("unit_amount");
  if (decimal !== undefined && !/^\d{1,12}(\.\d{1,12})?$/.test(decimal)) {
    throw invalidParameter(`Invalid decimal: ${decimal}`, "parameter_invalid_string_blank", "unit_amount_decimal");
  }
  if (unit !== undefined && unit < 0) {
    throw invalidParameter(
      "This value must be greater than or equal to 0.",
      "parameter_invalid_integer",
      "unit_amount",
    );
  }
  const recurring = params.map("recurring");
  const interval =
    recurring === undefined ? undefined : oneOf(recurring, "interval", ["day", "week", "month", "year"] as const);
  if (recurring !== undefined && interval === undefined) throw missingParameter("recurring[interval]");
  const whole = unit ?? (decimal !== undefined && /^\d+$/.test(decimal) ? Number(decimal) : null);
  const price = {
    ...PUBLISHED_PRICE,
    id: world.newId("price_1"),
    object: "price",
    active: params.boolean("active") ?? true,
    created: world.seconds(),
    currency,
    custom_unit_amount: null,
    lookup_key: textOr(params, "lookup_key", null),
    metadata: metadata(params),
    nickname: textOr(params, "nickname", null),
    product,
    recurring: recurringOf(recurring, interval),
    transform_quantity: null,
    type: recurring === undefined ? "one_time" : "recurring",
    unit_amount: whole,
    unit_amount_decimal: decimal ?? String(unit),
  } as Price;
  world.prices.add(price, origin);
  world.emit(origin, "price.created", price);
  return price;
}

function recurringOf(params: Params | undefined, interval: string | undefined): JsonObject | null {
  if (params === undefined || interval === undefined) return null;
  const count = params.integer("interval_count") ?? 1;
  return { interval, interval_count: count, meter: null, trial_period_days: null, usage_type: "licensed" };
}

const createPrice: Handler = (call) => {
  const { params } = call;
  const id = params.text("product");
  if (id !== undefined) return addPrice(call, params, requireProduct(call, id, "product", 400).id);
  const described = params.map("product_data");
  if (described === undefined) throw missingParameter("product");
  return addPrice(call, params, addProduct(call, described).id);
};

const updatePrice: Handler = (call, [id = ""]) => {
  const { params } = call;
  const price = requirePrice(call, id, "price", 404);
  price.active = params.boolean("active") ?? price.active;
  price.metadata = metadata(params, price.metadata);
  for (const field of ["nickname", "lookup_key"]) price[field] = textOr(params, field, price[field] ?? null);
  call.world.emit(call.origin, "price.updated", price);
  return price;
};

function requireProduct(call: Call, id: string, param: string, status: 400 | 404): Product {
  const product = call.world.products.find(id);
  if (product === undefined) throw noSuchObject("product", id, param, status);
  return product;
}

function requirePrice(call: Call, id: string, param: string, status: 400 | 404): Price {
  const price = call.world.prices.find(id);
  if (price === undefined) throw noSuchObject("price", id, param, status);
  return price;
}

export const catalog: Readonly<Record<string, Handler>> = {
  "POST products": createProduct,
  "GET products": (call) => {
    const ids = call.params.texts("ids");
    const keep = equalTo(call.params, "active", "url");
    return list(
      call,
      call.world.products,
      "/v1/products",
      (product) => keep(product) && (ids.length === 0 || ids.includes(product.id)),
    );
  },
  "GET products/search": (call) => searchResult(call, call.world.products, "/v1/products/search"),
  "GET products/*": (call, [id = ""]) => requireProduct(call, id, "id", 404),
  "POST products/*": updateProduct,
  "DELETE products/*": deleteProduct,
  "POST prices": createPrice,
  "GET prices": (call) => {
    const keys = call.params.texts("lookup_keys");
    const keep = equalTo(call.params, "active", "currency", "product", "type");
    const named = (price: Price): boolean =>
      keys.length === 0 || (typeof price.lookup_key === "string" && keys.includes(price.lookup_key));
    return list(call, call.world.prices, "/v1/prices", (price) => keep(price) && named(price));
  },
  "GET prices/search": (call) => searchResult(call, call.world.prices, "/v1/prices/search"),
  "GET prices/*": (call, [id = ""]) => requirePrice(call, id, "price", 404),
  "POST prices/*": updatePrice,
};
