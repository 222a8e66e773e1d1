// The way in, where the server asks for a token.

const form = document.getElementById("login");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const response = await fetch("api/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: document.getElementById("token").value }),
  });
  if (response.ok) location.assign("./");
  else document.getElementById("problem").textContent = (await response.json()).error.message;
});
