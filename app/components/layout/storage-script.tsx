import { useNonce } from "~/page/nonce";

/**
 * Replaces a missing sessionStorage by one in memory: a browser that blocks all cookies throws on access, and a web
 * view without DOM storage has null. Remix uses it without a check.
 */
const script = `try{if(!window.sessionStorage)throw 0}catch{
const kept=new Map;
Object.defineProperty(window,"sessionStorage",{configurable:true,value:{
getItem:k=>kept.has(k)?kept.get(k):null,setItem:(k,v)=>void kept.set(k,String(v)),removeItem:k=>void kept.delete(k)}})}`;

/** Comes before every other script of the page. */
export function StorageScript() {
  const nonce = useNonce();
  return (
    // biome-ignore lint/security/noDangerouslySetInnerHtml: the text is the constant above
    <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: script }} />
  );
}
