/** A filled-in slip with our stamp on it. An ornament: it says nothing that the words beside it do not say. */
export function SlipPicture() {
  return (
    <svg viewBox="0 0 260 240" aria-hidden="true" className="hidden w-64 shrink-0 lg:block">
      <g transform="rotate(6 130 120)">
        <path
          className="fill-ground stroke-line"
          strokeWidth="2"
          d="M50 14h160a8 8 0 0 1 8 8v132a10 10 0 0 0 0 20v40a8 8 0 0 1-8 8H50a8 8 0 0 1-8-8v-40a10 10 0 0 0 0-20V22a8 8 0 0 1 8-8Z"
        />
        <g className="fill-none stroke-edge" strokeWidth="5" strokeLinecap="round">
          <path d="M62 44h72" />
          <path className="stroke-line" d="M62 72h136M62 94h112M62 116h124" />
          <path className="stroke-line" strokeWidth="2" strokeDasharray="5 6" d="M56 164h148" />
          <path d="M62 196h44" />
        </g>
      </g>
      <g className="fill-none stroke-accent" strokeWidth="4" transform="rotate(-10 186 150)">
        <circle className="fill-accent-soft" cx="186" cy="150" r="46" />
        <circle cx="186" cy="150" r="37" strokeWidth="1.5" />
        <path strokeWidth="7" strokeLinecap="round" strokeLinejoin="round" d="m169 151 12 12 22-26" />
      </g>
    </svg>
  );
}
