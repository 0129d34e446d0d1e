// Files attached in forms, held until the page is left: they are too large for what the tab keeps.

const held = new Map();

/** Hold a file; its number, by which it goes into a request that is kept. */
export function hold(file) {
  const number = held.size + 1;
  held.set(number, file);
  return number;
}

/** The files of a request with what stands in them, as the page's address for files takes them.
    One that is not held any more, as the page was left meanwhile, is left out. */
export async function packed(files) {
  const there = files.filter((one) => held.has(one.number));
  return Promise.all(
    there.map(async ({ field, name, number }) => ({ field, name, content: await read(held.get(number)) })),
  );
}

function read(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
