import { addMethod, foundMethod } from "../bitrix24/progress";

/** Methods of the log entries that prove that a contact or deal was created here. The purge of old entries keeps them. */
export const makingMethods = [addMethod, foundMethod];
