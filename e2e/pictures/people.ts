/** The people of the pictures: names as they come in real lists, and where they came from. The same at each run. */
const names = [
  "Анна Воронцова, Студия света",
  "Дмитрий Ковалёв",
  "Maria Fernandes, Casa Verde",
  "Игорь Лебедев, ООО «Северный мост»",
  "Élodie Martin",
  "Ольга Романова",
  "Jonas Weber, Weber & Söhne",
  "Тимур Ахметов",
  "Светлана Ильина, Школа «Контур»",
  "Павел Гринёв",
  "Aisha Khan",
  "Наталья Белова",
  "Виктор Осипов, ИП Осипов",
  "Юлия Тарасова",
  "Константин Мельников-Разумовский, Научно-производственное объединение «Горизонт»",
  "Lucas Silva",
  "Екатерина Дорохова",
  "Андрей Фомин",
  "Марина Щеглова, Ателье 12",
  "Роман Чернов",
  "Zofia Nowak",
  "Алексей Прохоров",
  "Полина Жукова, Кофейня «Зерно»",
  "Степан Громов",
  "Grace O'Neill",
  "Людмила Саввина",
  "Артём Кудрявцев",
  "Дарья Никитина, Издательство «Лист»",
  "Борис Трофимов",
  "Hannah Cohen",
  "Галина Зуева",
  "Никита Соболев",
];

const visits = [
  { utm_source: "yandex", utm_medium: "cpc", utm_campaign: "осень" },
  { utm_source: "google", utm_medium: "cpc", utm_campaign: "brand" },
  { utm_source: "vk", utm_medium: "social", utm_campaign: "осень" },
  null,
  { utm_source: "newsletter", utm_medium: "email" },
];

const day = 24 * 60 * 60_000;

export interface Invented {
  firstName: string;
  lastName: string;
  company?: string;
  email: string;
  phone: string;
  marks: Record<string, string> | null;
  /** Milliseconds before the pictures are taken. */
  ago: number;
  isPaid: boolean;
}

export const invented: Invented[] = names.map((line, index) => {
  const [name = "", company] = line.split(", ");
  const [firstName = "", lastName = ""] = name.split(" ");
  return {
    firstName,
    lastName,
    ...(company ? { company } : {}),
    email: `guest${String(index + 1).padStart(2, "0")}@example.com`,
    phone: `+7916555${String(1_000 + index * 37)}`,
    marks: visits[(index * 3 + (index >> 2)) % visits.length] ?? null,
    // Dense in the last days, thinner before.
    ago: Math.round(index ** 1.6 * 0.17 * day) + index * 47 * 60_000,
    isPaid: index % 3 === 1 || index % 7 === 5,
  };
});
