import { expect, test } from "vitest";
import { encode } from "../test/encode";
import { decode, findEncoding } from "./encoding";
import { bytesSource } from "./import-file";

const find = (bytes: Uint8Array) => findEncoding(bytesSource(bytes));
const refusal = (bytes: Uint8Array) => expect(find(bytes)).rejects;

/** The text as it would be imported, or null where the file is refused. */
async function imported(bytes: Uint8Array): Promise<string | null> {
  try {
    const { encoding } = await find(bytes);
    let text = "";
    for await (const piece of decode(bytesSource(bytes)(), encoding)) text += piece;
    return text;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "encoding") throw error;
    return null;
  }
}

const names = `Анна Иванова,Сергей Щукин,Юлия Чернышёва,Дмитрий Ёлкин,Ольга Фёдорова,Пётр Эйхгорн,Игорь Цветков,
Екатерина Жукова,Ярослав Хабибуллин,Мария Подъяпольская,Зинаида Ушакова,Роман Тютчев,Ксения Лебедева,Глеб Быков,
Надежда Мышкина,Вячеслав Яровой,Фаина Зайцева,Эдуард Кузнецов,Шамиль Гаджиев,Лев Толстой`
  .split(/,\s*/)
  .map((name) => name.split(" "));

const list = (people: string[][], spell = (name: string) => name, header = "first name,last name,e-mail,phone") =>
  `${[header, ...people.map(([first = "", last = ""], i) => `${spell(first)},${spell(last)},p${i}@example.com,+7916555443${i % 10}`)].join("\r\n")}\r\n`;

const cyrillic = ["windows-1251", "koi8-r", "ibm866", "iso-8859-5", "x-mac-cyrillic"];
const spellings = {
  "as usual": (name: string) => name,
  "in capitals": (name: string) => name.toUpperCase(),
  "in small letters": (name: string) => name.toLowerCase(),
};

for (const encoding of cyrillic)
  for (const [spelling, spell] of Object.entries(spellings)) {
    test(`a list in ${encoding} is read, names ${spelling}, with English and Russian headers`, async () => {
      for (const header of [undefined, "имя,фамилия,почта,телефон"]) {
        const text = list(names, spell, header);
        expect(await imported(encode(text, encoding))).toBe(text);
      }
    });

    test(`a short list in ${encoding}, names ${spelling}, is read or refused, never read wrongly`, async () => {
      let read = 0;
      for (let from = 0; from < names.length; from += 2) {
        const text = list(names.slice(from, from + 2), spell);
        const found = await imported(encode(text, encoding));
        if (found === null) continue;
        expect(found).toBe(text);
        read += 1;
      }
      expect(read).toBeGreaterThan(7);
    });
  }

test("letters alone are a guess, a mark and UTF-8 are none", async () => {
  const text = list(names);
  expect(await find(encode(text, "windows-1251"))).toEqual({ encoding: "windows-1251", guessed: true });
  expect(await find(Buffer.from(text))).toEqual({ encoding: "utf-8", guessed: false });
  expect(await find(Buffer.from(`\ufeff${text}`))).toEqual({ encoding: "utf-8", guessed: false });
  expect(await find(Buffer.from(`\ufeff${text}`, "utf16le"))).toEqual({ encoding: "utf-16le", guessed: false });
  expect(await find(Buffer.from("name,e-mail\nAnn,a@example.com\n"))).toEqual({ encoding: "utf-8", guessed: false });
});

test.each([
  ["Cyrillic", list(names)],
  ["Latin", "name,e-mail\nAnn,a@example.com\n"],
])("UTF-16 without a mark is read, %s in either order", async (_, text) => {
  const little = Buffer.from(text, "utf16le");
  expect(await find(little)).toEqual({ encoding: "utf-16le", guessed: true });
  expect(await imported(little)).toBe(text);
  const big = Buffer.from(text, "utf16le").swap16();
  expect(await find(big)).toEqual({ encoding: "utf-16be", guessed: true });
  expect(await imported(big)).toBe(text);
});

test("Ukrainian names are read in the encodings that have their letters", async () => {
  const people = ["Андрій Їжакевич", "Наталія Ґудзь", "Олексій Шевченко"].map((name) => name.split(" "));
  const text = list(people);
  for (const encoding of ["windows-1251", "koi8-u"]) expect(await imported(encode(text, encoding))).toBe(text);
});

test("firms with their signs and quotation marks are read", async () => {
  const text = "Имя;Компания;E-mail\r\nАнна;ООО «Рога и копыта» № 5 — филиал;a@example.com\r\n";
  for (const encoding of ["windows-1251", "x-mac-cyrillic"]) expect(await imported(encode(text, encoding))).toBe(text);
});

test("German names are read from Windows and from a Mac", async () => {
  const text = list(["Jürgen Müller", "Björn Weiß", "Käthe Schröder"].map((name) => name.split(" ")));
  for (const encoding of ["windows-1252", "macintosh"]) expect(await imported(encode(text, encoding))).toBe(text);
});

test("a name with a curved apostrophe is read from Windows and from a Mac", async () => {
  const text = list(["Conor O’Brien", "Anna Smith", "John Doe"].map((name) => name.split(" ")));
  for (const encoding of ["windows-1252", "macintosh"]) expect(await imported(encode(text, encoding))).toBe(text);
});

const foreign: [encoding: string, people: string[]][] = [
  ["windows-1250", ["Jiří Dvořák", "Zdeněk Nováček", "Šárka Černá"]],
  ["windows-1250", ["Łukasz Wałęsa", "Małgorzata Żak"]],
  ["iso-8859-2", ["Jiří Dvořák", "Šárka Černá"]],
  ["windows-1254", ["Ayşe Yılmaz", "Işıl Çağlar", "Gökhan Öztürk"]],
  ["windows-1253", ["Γιώργος Παπαδόπουλος", "Μαρία Νικολάου"]],
  ["windows-1252", ["Hélène Lefèvre", "Iñigo Muñoz"]],
];
for (const [encoding, people] of foreign) {
  test(`${people[0]} in ${encoding} is refused or read, never read wrongly`, async () => {
    const text = list(people.map((name) => name.split(" ")));
    expect([null, text]).toContain(await imported(encode(text, encoding)));
  });
}

test("bytes that make no words in any encoding are refused", async () => {
  let seed = 7;
  const byte = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return 0x80 + ((seed >> 16) % 0x80);
  };
  for (let run = 0; run < 50; run++) {
    const noise = Buffer.from(Array.from({ length: 24 }, byte));
    await refusal(Buffer.concat([Buffer.from("name,e-mail\n"), noise, Buffer.from(",a@example.com\n")])).toMatchObject({
      code: "encoding",
    });
  }
});

test("lists that were joined in two encodings are refused", async () => {
  const many = Array.from({ length: 6 }, () => names).flat();
  for (const [first, second] of [
    ["windows-1251", "koi8-r"],
    ["ibm866", "windows-1251"],
    ["x-mac-cyrillic", "iso-8859-5"],
  ] as const)
    await refusal(Buffer.concat([encode(list(many), first), encode(list(names.slice(0, 15)), second)])).toMatchObject({
      code: "encoding",
    });
});

test("UTF-8 with a line of another encoding, or a broken letter, is refused with the line", async () => {
  const sound = Buffer.from(list(names));
  await refusal(Buffer.concat([sound, encode("Анна,Иванова,a@example.com,1\r\n", "windows-1251")])).toMatchObject({
    code: "encoding",
    line: names.length + 2,
  });
  await refusal(Buffer.concat([Buffer.from("\ufeffимя\rАнна\rБо"), Buffer.from([0xd0]), sound])).toMatchObject({
    code: "encoding",
    line: 3,
  });
});

test("UTF-16 that is cut or damaged is refused", async () => {
  const text = Buffer.from(`\ufeff${list(names)}`, "utf16le");
  await refusal(text.subarray(0, text.length - 1)).toMatchObject({ code: "encoding" });
  await refusal(Buffer.concat([text, Buffer.from([0x00, 0xd8, 0x41, 0x00])])).toMatchObject({ code: "encoding" });
});

test("a file of UTF-32, or with zeros in its text, is refused", async () => {
  const utf32 = Buffer.concat(
    [..."\ufeffname\nAnn"].map((letter) => Buffer.from([letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8, 0, 0])),
  );
  await refusal(utf32).toMatchObject({ code: "encoding" });
  await refusal(Buffer.from("name,e-mail\nAnn\0,a@example.com\nBob,b@example.com")).toMatchObject({
    code: "encoding",
    line: 2,
  });
});
