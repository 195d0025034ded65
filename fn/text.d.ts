// Files that are bundled as their text.
declare module '*.sh' {
  const text: string;
  export default text;
}
declare module '*.jq' {
  const text: string;
  export default text;
}
declare module '*.yaml' {
  const text: string;
  export default text;
}
