import { useNonce } from "~/page/nonce";

/**
 * Gives the page a storage that forgets where the browser has none: one that blocks all cookies throws at the first touch
 * of sessionStorage, and an app's web view without DOM storage has null there. Remix touches it unguarded.
 */
const script = `try{if(!window.sessionStorage)throw 0}catch{
const kept=new Map;
Object.defineProperty(window,"sessionStorage",{configurable:true,value:{
getItem:k=>kept.has(k)?kept.get(k):null,setItem:(k,v)=>void kept.set(k,String(v)),removeItem:k=>void kept.delete(k)}})}`;

/** Stands before every other script of the page. */
export function StorageScript() {
  const nonce = useNonce();
  return (
    // biome-ignore lint/security/noDangerouslySetInnerHtml: the text is the constant above
    <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: script }} />
  );
}
