import { Prisma, type User } from "../../prisma/generated/client";
import { erasedEmail } from "./erased-placeholders";

/**
 * Every table and what an erasure does to it. Complete by its types: a new table or column does not compile until its
 * treatment is decided here.
 */

/**
 * `person`: the user's row, see below. `delete`: the person's rows are deleted. `keep`: not personal, and why. `file`:
 * see import.
 */
type Treatment = { erase: "person" | "delete" | "file" } | { erase: "keep"; because: string };

export const places = {
  User: { erase: "person" },
  Attribution: { erase: "delete" },
  Session: { erase: "delete" },
  SignIn: { erase: "delete" },
  PasswordReset: { erase: "delete" },
  SecondFactor: { erase: "delete" },
  RecoveryCode: { erase: "delete" },
  EmailConfirmation: { erase: "delete" },
  Consent: { erase: "delete" },
  ApiToken: { erase: "delete" },
  ErasureDue: { erase: "delete" },
  CrmCorrection: { erase: "delete" },
  CrmLog: { erase: "delete" },
  CrmRefusal: { erase: "delete" },
  EarlierRecord: { erase: "delete" },
  Conversion: { erase: "delete" },
  ConversionExport: { erase: "keep", because: "when a file was made, for whom and of how many" },
  PersonNotice: { erase: "delete" },
  DealSnapshot: { erase: "delete" },
  StageMove: { erase: "delete" },
  Conflict: { erase: "delete" },
  ImportRun: { erase: "file" },
  PaymentChange: { erase: "keep", because: "payments are kept for the books; who, what and when by number only" },
  AuditEntry: { erase: "keep", because: "numbers, codes and flags only" },
  Erasure: { erase: "keep", because: "that and when it was erased; its salted hashes go once the portal has followed" },
  AttemptCount: { erase: "keep", because: "keyed hashes, for minutes" },
  GuessCount: { erase: "keep", because: "keyed hashes, for a day" },
  RegistrationKey: {
    erase: "keep",
    because: "keyed hashes of a program's keys, for a month; the hashes of what it sent are cleared, see erase.ts",
  },
  SavedView: { erase: "delete" },
  DefaultView: { erase: "delete" },
  Webhook: { erase: "keep", because: "addresses of the owner's programs, and the administrator by number" },
  WebhookDelivery: {
    erase: "keep",
    because: "that a message was sent, for a month; what was in it is cleared, see erase.ts",
  },
  FormStamp: { erase: "keep", because: "hashes of forms, for half a day" },
  SignUps: { erase: "keep", because: "a switch, and the administrator who set it by number" },
  MailRequest: { erase: "keep", because: "keyed hashes, for an hour" },
  FirstAdmin: {
    erase: "keep",
    because: "salted hashes of what ADMIN_EMAIL names: by them a start gives no role again",
  },
  Installation: { erase: "keep", because: "of this installation, not of people" },
  Alert: { erase: "keep", because: "codes, names of the portal's fields and numbers" },
  AlertMessage: { erase: "keep", because: "codes, names of the portal's fields and numbers, for a month" },
  NoticeKind: { erase: "keep", because: "which mails and messages the owner wants" },
  CrmPortal: { erase: "keep", because: "of the portal, not of people" },
  RefusedResponsible: { erase: "keep", because: "numbers of the portal's employees, for an hour" },
  ReconcileRun: { erase: "keep", because: "counts" },
  DailyStatistic: { erase: "keep", because: "counts by day, source and campaign" },
  StatisticDelta: { erase: "keep", because: "counts by day, source and campaign" },
  Setting: { erase: "keep", because: "the owner's settings, not of people who register" },
  SettingChange: { erase: "keep", because: "the owner's settings, and who changed them by number" },
  EnvironmentFieldMap: { erase: "keep", because: "the operator's settings, not of people who register" },
  Picture: { erase: "keep", because: "the owner's pictures, such as the logo" },
  Form: { erase: "keep", because: "the owner's forms, not of people who register" },
  FormChange: { erase: "keep", because: "the owner's forms, and who changed them by number" },
  ConsentKind: { erase: "keep", because: "what the owner asks people to agree to" },
  ConsentWording: { erase: "keep", because: "the owner's texts, which other people have agreed to" },
  ConsentChange: { erase: "keep", because: "the owner's settings, and who changed them by number" },
  FormHold: { erase: "keep", because: "which forms the portal refuses, not whom" },
  PortalProduct: { erase: "keep", because: "products of the portal, not people" },
  StatisticZone: { erase: "keep", because: "a setting" },
} as const satisfies Record<Prisma.ModelName, Treatment>;

/** Tables with personal data, for a copy of it; see own-data.ts. */
export type PersonalModel =
  | {
      [Model in Prisma.ModelName]: (typeof places)[Model]["erase"] extends "person" | "delete" ? Model : never;
    }[Prisma.ModelName]
  | "PaymentChange"
  | "AuditEntry"
  | "WebhookDelivery";

/** Tables whose rows of a person are deleted. */
export const deletedPlaces = (Object.keys(places) as Prisma.ModelName[]).filter(
  (name) => places[name].erase === "delete",
);

type Column = "keep" | ((person: { id: number; locale: string }) => unknown);

/** The user's row: which columns stay, and what replaces the others. */
const userColumns: Record<keyof User, Column> = {
  id: "keep",
  // Unique, and never a real address: the domain is reserved.
  email: ({ id }) => erasedEmail(id),
  emailConfirmedAt: () => null,
  confirmationSentAt: () => null,
  firstName: () => "",
  lastName: () => null,
  company: () => null,
  phone: () => "",
  phoneExtension: () => null,
  passwordHash: () => null,
  role: () => "USER",
  locale: "keep",
  createdAt: "keep",
  insertedAt: "keep",
  erasedAt: () => new Date(),
  isPaid: "keep",
  paidAt: "keep",
  // Removes the row from all lists of pending registrations.
  crmState: () => "SYNCED",
  holds: () => [],
  crmPendingSince: "keep",
  bitrix24ContactId: () => null,
  crmContactBy: () => null,
  bitrix24DealId: () => null,
  crmSale: () => Prisma.DbNull,
  // What was sold stays for the books, as that it was paid.
  crmProduct: "keep",
  crmTracedAt: "keep",
  crmTraceId: () => null,
  crmAssignedById: () => null,
  crmResponsibleId: () => null,
  crmAttempts: () => 0,
  crmUncertain: () => 0,
  crmNextAttemptAt: () => null,
  crmInFlightUntil: "keep",
  crmRowUncertain: () => false,
  crmError: () => null,
  crmErrorField: () => null,
  crmLeftOut: () => [],
  crmSyncedAt: "keep",
  // Cleared where it holds something of the person, see erase.ts.
  source: "keep",
  campaign: "keep",
  formId: "keep",
  answers: () => ({}),
};

/** The columns of an erased person's row that change. */
export const erasedColumns = (person: { id: number; locale: string }): Prisma.UserUpdateInput =>
  Object.fromEntries(
    Object.entries(userColumns).flatMap(([name, column]) => (column === "keep" ? [] : [[name, column(person)]])),
  );
