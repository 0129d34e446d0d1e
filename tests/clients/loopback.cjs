// Preloaded into a Node.js process: it serves on this computer alone, and reaches no other.
const dns = require("node:dns");
const net = require("node:net");

const HERE = "127.0.0.1";
const OURS = ["localhost", HERE];

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...given) {
  const [first] = given;
  if (typeof first === "object" && first !== null && "port" in first) {
    return listen.call(this, { ...first, host: HERE }, ...given.slice(1));
  }
  const callbacks = given.filter((one) => typeof one === "function");
  return listen.call(this, { port: Number(first), host: HERE }, ...callbacks);
};

const lookup = dns.lookup;
dns.lookup = function (name, ...rest) {
  if (OURS.includes(name)) return lookup(HERE, ...rest);
  const refused = Object.assign(new Error(`${name} is not this computer`), { code: "ENOTFOUND" });
  process.nextTick(rest.at(-1), refused);
};
