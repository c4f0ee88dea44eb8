"""Right derivations of the twelve exercises, in the ways in which they are written. `---` stands between two."""

RIGHT = {
    "quadratic": """
d(x.T @ A @ x)
= dx.T @ A @ x + x.T @ A @ dx
= <(A + A.T) @ x, dx>
---
df = d(x @ A @ x)
= dx @ A @ x + x @ A @ dx
= x @ A.T @ dx + x @ A @ dx
= <A @ x + A.T @ x, dx>
---
f = x.T @ A @ x
df = dx.T @ (A @ x) + (x.T @ A) @ dx
   = (A @ x).T @ dx + (A.T @ x).T @ dx
   = <A @ x + A.T @ x, dx>
---
u = A @ x
d(x.T @ u)
= dx.T @ u + x.T @ du
= dx.T @ u + x.T @ A @ dx
= <u + A.T @ x, dx>
---
d(tr(A @ x @ x.T))
= tr(A @ dx @ x.T + A @ x @ dx.T)
= tr(x.T @ A @ dx) + tr(dx.T @ A @ x)
= <A.T @ x, dx> + <A @ x, dx>
= <(A + A.T) @ x, dx>
---
d(<x, A @ x>)
= <dx, A @ x> + <x, A @ dx>
= <A @ x, dx> + <A.T @ x, dx>
= <A @ x + A.T @ x, dx>
---
d(sum(x * (A @ x)))
= sum(dx * (A @ x)) + sum(x * (A @ dx))
= <A @ x, dx> + <A.T @ x, dx>
= <(A.T + A) @ x, dx>
---
d(x.T @ A @ x) = dx.T @ A @ x + x.T @ A @ dx = <A @ x + A.T @ x, dx>
---
# by hand, with the transpose of a number
d(x.T @ A.T @ x)   # the same number
= dx.T @ A.T @ x + x.T @ A.T @ dx
= dx.T @ A.T @ x
  + dx.T @ A @ x
= <A.T @ x + A @ x, dx>
---
d(x.T @ A @ x)
= d(x.T) @ A @ x + x.T @ A @ d(x)
= dx.T @ A @ x + x.T @ A @ dx
= <(A + A.T) @ x, dx>
---
d(x.T @ A @ x)
= d(x).T @ A @ x + x.T @ dA @ x + x.T @ A @ dx
= <A @ x, dx> + <A.T @ x, dx>
= <(A + A.T) @ x, dx>
---
d(x.T@A@x) =
  dx.T@A@x +
  x.T@A@dx
= <A@x + A.T@x, dx>
---
d(tr(x.T@A@x))
= tr(dx.T@A@x) + tr(x.T@A@dx)
= tr(x.T@A.T@dx) + tr(x.T@A@dx)
= <(A+A.T)@x, dx>
---
B = A + A.T
d(x.T@B@x/2)
= (dx.T@B@x + x.T@B@dx)/2
= x.T@B@dx
= <B@x, dx>
---
d(x.T@A@x)
= (dx.T@A@x) + (x.T@A@dx)
= (A@x).T@dx + (A.T@x).T@dx
= <A@x, dx> + <A.T@x, dx>
= <A@x + A.T@x, dx>
---
g = A@x
h = A.T@x
d(x@A@x)
= dx@g + h@dx
= <g + h, dx>
---
d(x.T @ A @ x)
= d(x).T @ A @ x + x.T @ A @ d(x)
= <(A + A.T) @ x, d(x)>
""",
    "log_quadratic": """
q = x.T @ A @ x
d(log(q))
= dq / q
= (dx.T @ A @ x + x.T @ A @ dx) / q
= <(A + A.T) @ x / q, dx>
---
d(log(x @ A @ x))
= d(x @ A @ x) / (x @ A @ x)
= (dx @ A @ x + x @ A @ dx) / (x @ A @ x)
= <(A @ x + A.T @ x) / (x @ A @ x), dx>
---
q = x.T @ A @ x
d(np.log(q))
= q**-1 * d(q)
= q**(-1) * (x.T @ A.T @ dx + x.T @ A @ dx)
= <q**-1 * (A @ x + A.T @ x), dx>
---
d(ln(x.T @ A @ x))
= 1 / (x.T @ A @ x) * (dx.T @ A @ x + x.T @ A @ dx)
= 1 / (x.T @ A @ x) * (x.T @ A.T @ dx + x.T @ A @ dx)
= <1 / (x.T @ A @ x) * (A + A.T) @ x, dx>
---
s = (A + A.T) / 2
d(log(x.T @ s @ x))
= d(x.T @ s @ x) / (x.T @ s @ x)
= 2 * x.T @ s @ dx / (x.T @ s @ x)
= <2 * s @ x / (x.T @ s @ x), dx>
---
q = x.T @ A @ x
d(log(q**2) / 2)
= d(q**2) / (2 * q**2)
= 2 * q * dq / (2 * q**2)
= (dx.T @ A @ x + x.T @ A @ dx) / q
= <(A @ x + A.T @ x) / q, dx>
---
d(log(x.T @ A @ x))
= (x.T @ A @ x)**-1 * d(x.T @ A @ x)
= (dx.T@A@x + x.T@A@dx) / (x.T@A@x)
= (x.T@A.T@dx + x.T@A@dx) / (x.T@A@x)
= x.T@(A.T+A)@dx / (x.T@A@x)
= <(A + A.T)@x / (x.T@A@x), dx>
""",
    "sandwich": """
d(a.T @ X @ A @ X @ a)
= a.T @ dX @ A @ X @ a + a.T @ X @ A @ dX @ a
= tr(A @ X @ a @ a.T @ dX) + tr(a @ a.T @ X @ A @ dX)
= <a @ a.T @ X.T @ A.T + A.T @ X.T @ a @ a.T, dX>
---
u = X @ a
v = X.T @ a
d(v.T @ A @ u)
= dv.T @ A @ u + v.T @ A @ du
= a.T @ dX @ A @ u + v.T @ A @ dX @ a
= <a @ (A @ u).T + A.T @ v @ a.T, dX>
---
d(a @ X @ A @ X @ a)
= a @ dX @ A @ X @ a + a @ X @ A @ dX @ a
= <outer(a, A @ X @ a), dX> + <outer(A.T @ X.T @ a, a), dX>
= <outer(a, A @ X @ a) + outer(A.T @ X.T @ a, a), dX>
---
d(tr(a @ a.T @ X @ A @ X))
= tr(a @ a.T @ dX @ A @ X) + tr(a @ a.T @ X @ A @ dX)
= tr(A @ X @ a @ a.T @ dX) + tr(a @ a.T @ X @ A @ dX)
= tr((A @ X @ a @ a.T + a @ a.T @ X @ A) @ dX)
= <(A @ X @ a @ a.T + a @ a.T @ X @ A).T, dX>
---
d(a.T @ X @ A @ X @ a)
= a.T @ d(X) @ A @ X @ a + a.T @ X @ A @ d(X) @ a
= a.T @ dX @ A @ X @ a
+ a.T @ X @ A @ dX @ a
= <a @ a.T @ X.T @ A.T
   + A.T @ X.T @ a @ a.T, dX>
---
d(a @ X @ A @ X @ a)
= a @ dX @ A @ X @ a + a @ X @ A @ dX @ a
= <outer(a, A@X@a), dX> + <outer(A.T@X.T@a, a), dX>
= <outer(a, A@X@a) + outer(A.T@X.T@a, a), dX>
""",
    "inverse": """
d(X @ inv(X))
= dX @ inv(X) + X @ d(inv(X))
= 0
d(inv(X))
= -inv(X) @ dX @ inv(X)
---
d(inv(X))
= d(inv(X) @ X @ inv(X))
= d(inv(X)) @ X @ inv(X) + inv(X) @ dX @ inv(X) + inv(X) @ X @ d(inv(X))
= -inv(X) @ dX @ inv(X)
---
d(I) = 0
d(inv(X) @ X) = d(inv(X)) @ X + inv(X) @ dX = 0
d(inv(X)) = -inv(X) @ dX @ inv(X)
---
Y = inv(X)
d(Y @ X)
= dY @ X + Y @ dX
= d(I)
= 0
dY @ X = -Y @ dX
dY = -Y @ dX @ Y
d(inv(X))
= -inv(X) @ dX @ inv(X)
---
X @ inv(X) = I
0 = d(X @ inv(X))
  = dX @ inv(X) + X @ d(inv(X))
X @ d(inv(X)) = -dX @ inv(X)
d(inv(X)) = inv(X) @ X @ d(inv(X))
= -inv(X) @ dX @ inv(X)
---
B = np.linalg.inv(X)
d(X @ B)
= dX @ B + X @ dB
= 0
dB
= -B @ dX @ B
---
d(X @ inv(X)) = dX @ inv(X) + X @ d(inv(X)) = 0 * X
X @ d(inv(X)) = -dX @ inv(X)
d(inv(X)) = inv(X) @ (-dX) @ inv(X)
---
X @ inv(X) = I
d(X @ inv(X)) = d(I)
dX @ inv(X) + X @ d(inv(X)) = 0
X @ d(inv(X)) = -dX @ inv(X)
d(inv(X)) = -inv(X) @ dX @ inv(X)
---
Y = inv(X)
Y @ X = I
dY @ X + Y @ dX = 0
dY = -Y @ dX @ inv(X)
d(inv(X))
= -Y @ dX @ Y
---
d(inv(X))
= inv(X) @ X @ d(inv(X))
= inv(X) @ (d(X @ inv(X)) - dX @ inv(X))
= -inv(X) @ dX @ inv(X)
---
d(inv(X))
= (d(inv(X) @ X) - inv(X) @ dX) @ inv(X)
= (dI - inv(X) @ dX) @ inv(X)
= -inv(X) @ dX @ inv(X)
---
X @ d(inv(X)) = d(X @ inv(X)) - dX @ inv(X) = -dX @ inv(X)
d(inv(X)) = -inv(X) @ dX @ inv(X)
---
d(inv(X))
= d(inv(X)) + inv(X) @ d(X @ inv(X))
= d(inv(X)) - inv(X) @ (dX @ inv(X) + X @ d(inv(X)))
= -inv(X) @ dX @ inv(X)
---
d(X)
= d(X @ inv(X) @ X)
= dX @ inv(X) @ X + X @ d(inv(X)) @ X + X @ inv(X) @ dX
d(inv(X))
= inv(X) @ (X @ d(inv(X)) @ X) @ inv(X)
= -inv(X) @ dX @ inv(X)
---
d(X @ inv(X))
= dX @ inv(X) + X @ d(inv(X))
d(inv(X))
= -inv(X) @ d(X) @ inv(X)
---
dI
= d(X @ inv(X))
= dX @ inv(X) + X @ d(inv(X))
d(inv(X))
= -inv(X) @ dX @ inv(X)
---
0
= d(inv(X) @ X)
= d(inv(X)) @ X + inv(X) @ d(X)
d(inv(X))
= -inv(X) @ dX @ inv(X)
""",
    "trace_axb": """
d(tr(A @ X @ B))
= tr(A @ dX @ B)
= tr(B @ A @ dX)
= <(B @ A).T, dX>
---
d(tr(A @ X @ B))
= tr(A @ dX @ B)
= <A.T @ B.T, dX>
---
df = d(np.trace(A @ X @ B))
= np.trace(A @ d(X) @ B)
= np.trace(B @ A @ dX)
= <A.T @ B.T, dX>
---
C = B @ A
d(tr(C @ X))
= tr(C @ dX)
= <C.T, dX>
---
d(sum((A.T @ B.T) * X))
= sum((A.T @ B.T) * dX)
= <A.T @ B.T, dX>
---
d(tr(A @ X @ B))
= tr(dA @ X @ B + A @ dX @ B + A @ X @ dB)
= tr(A @ dX @ B)
= <A.T @ B.T, dX>
---
d(tr(A @ X @ B))
= tr(d(A @ X @ B))
= tr(A @ dX @ B)
= <(B @ A).T, dX>
---
d(tr(A @ X @ B))
= tr(A @ d(X) @ B)
= tr(d(X) @ (B @ A))
= <(B @ A).T, dX>
""",
    "trace_axx": """
d(tr(A @ X.T @ X))
= tr(A @ dX.T @ X) + tr(A @ X.T @ dX)
= tr(X.T @ dX @ A.T) + tr(A @ X.T @ dX)
= tr((A.T + A) @ X.T @ dX)
= <X @ (A + A.T), dX>
---
d(tr(A @ X.T @ X))
= tr(A @ dX.T @ X + A @ X.T @ dX)
= <X @ A, dX> + <X @ A.T, dX>
= <X @ A + X @ A.T, dX>
---
M = X.T @ X
d(tr(A @ M))
= tr(A @ dM)
= tr(A @ (dX.T @ X + X.T @ dX))
= <X @ (A.T + A), dX>
---
d(tr(X @ A @ X.T))
= tr(dX @ A @ X.T) + tr(X @ A @ dX.T)
= tr(A @ X.T @ dX) + tr(dX @ A.T @ X.T)
= tr(A @ X.T @ dX) + tr(A.T @ X.T @ dX)
= <X @ A.T + X @ A, dX>
---
d(sum(X * (X @ A)))
= sum(dX * (X @ A)) + sum(X * (dX @ A))
= <X @ A, dX> + <X @ A.T, dX>
= <X @ (A + A.T), dX>
---
d(tr(A@X.T@X))
= tr(A@d(X.T)@X + A@X.T@d(X))
= tr(A@dX.T@X) + tr(A@X.T@dX)
= <X@A, dX> + <X@A.T, dX>
= <X@(A+A.T), dX>
""",
    "logdet": """
d(log(det(X)))
= d(det(X)) / det(X)
= det(X) * tr(inv(X) @ dX) / det(X)
= tr(inv(X) @ dX)
= <inv(X).T, dX>
---
D = det(X)
d(log(D))
= dD / D
= tr(inv(X) @ dX)
= <inv(X).T, dX>
---
d(np.log(np.linalg.det(X)))
= 1 / np.linalg.det(X) * d(np.linalg.det(X))
= np.trace(np.linalg.inv(X) @ dX)
= <np.linalg.inv(X.T), dX>
---
d(-log(det(inv(X))))
= -d(det(inv(X))) / det(inv(X))
= -tr(X @ d(inv(X)))
= tr(X @ inv(X) @ dX @ inv(X))
= <inv(X).T, dX>
---
d(log(det(X.T)))
= d(det(X.T)) / det(X.T)
= tr(inv(X.T) @ dX.T)
= <inv(X.T), dX>
---
d(log(det(X)))
= 1/det(X) * d(det(X))
= 1/det(X) * det(X) * tr(inv(X) @ dX)
= <inv(X).T, dX>
""",
    "trace_axbinv": """
d(tr(A @ X @ B @ inv(X)))
= tr(A @ dX @ B @ inv(X)) + tr(A @ X @ B @ d(inv(X)))
= tr(A @ dX @ B @ inv(X)) - tr(A @ X @ B @ inv(X) @ dX @ inv(X))
= tr(B @ inv(X) @ A @ dX) - tr(inv(X) @ A @ X @ B @ inv(X) @ dX)
= <(B @ inv(X) @ A - inv(X) @ A @ X @ B @ inv(X)).T, dX>
---
Y = inv(X)
d(tr(A @ X @ B @ Y))
= tr(A @ dX @ B @ Y) + tr(A @ X @ B @ dY)
= tr(A @ dX @ B @ Y) - tr(A @ X @ B @ Y @ dX @ Y)
= <A.T @ Y.T @ B.T - Y.T @ B.T @ X.T @ A.T @ Y.T, dX>
---
d(tr(inv(X) @ A @ X @ B))
= tr(d(inv(X)) @ A @ X @ B + inv(X) @ A @ dX @ B)
= tr(-inv(X) @ dX @ inv(X) @ A @ X @ B + inv(X) @ A @ dX @ B)
= <A.T @ inv(X).T @ B.T - inv(X).T @ B.T @ X.T @ A.T @ inv(X).T, dX>
---
d(inv(X)) = -inv(X) @ dX @ inv(X)
d(tr(A @ X @ B @ inv(X)))
= tr(A @ dX @ B @ inv(X) + A @ X @ B @ d(inv(X)))
= tr(A @ dX @ B @ inv(X)) + tr(A @ X @ B @ (-inv(X) @ dX @ inv(X)))
= <(B @ inv(X) @ A).T - (inv(X) @ A @ X @ B @ inv(X)).T, dX>
---
d(tr(A@X@B@inv(X)))
= tr(d(A@X@B)@inv(X)) + tr(A@X@B@d(inv(X)))
= tr(A@dX@B@inv(X)) - tr(A@X@B@inv(X)@dX@inv(X))
= <A.T@inv(X).T@B.T - inv(X).T@B.T@X.T@A.T@inv(X).T, dX>
---
C = B@inv(X)@A
d(tr(A@X@B@inv(X)))
= tr(A@dX@B@inv(X)) + tr(A@X@B@(-inv(X)@dX@inv(X)))
= tr((C - inv(X)@A@X@C@inv(A))@dX)
= tr((B@inv(X)@A - inv(X)@A@X@B@inv(X))@dX)
= <(B@inv(X)@A - inv(X)@A@X@B@inv(X)).T, dX>
""",
    "det_sandwich": """
M = X.T @ A @ X
d(det(M))
= det(M) * tr(inv(M) @ dM)
= det(M) * tr(inv(M) @ (dX.T @ A @ X + X.T @ A @ dX))
= det(M) * (tr(X.T @ A.T @ dX @ inv(M).T) + tr(inv(M) @ X.T @ A @ dX))
= <det(M) * (A @ X @ inv(M) + A.T @ X @ inv(M).T), dX>
---
M = X.T @ A @ X
d(det(M))
= <det(M) * inv(M).T, dM>
= <det(M) * inv(M).T, dX.T @ A @ X + X.T @ A @ dX>
= <det(M) * inv(M), X.T @ A.T @ dX> + <det(M) * inv(M).T, X.T @ A @ dX>
= <det(M) * (A @ X @ inv(M) + A.T @ X @ inv(M).T), dX>
---
M = X.T @ A @ X
D = det(M)
d(D)
= D * tr(inv(M) @ d(X.T @ A @ X))
= D * tr(inv(M) @ dX.T @ A @ X) + D * tr(inv(M) @ X.T @ A @ dX)
= D * tr(inv(M).T @ X.T @ A.T @ dX) + D * tr(inv(M) @ X.T @ A @ dX)
= <D * A @ X @ inv(M) + D * A.T @ X @ inv(M.T), dX>
---
d(det(X.T @ A @ X))
= det(X.T @ A @ X) * tr(inv(X.T @ A @ X) @ d(X.T @ A @ X))
= det(X.T @ A @ X) * tr(inv(X.T @ A @ X) @ (dX.T @ A @ X + X.T @ A @ dX))
= <det(X.T @ A @ X) * (A @ X @ inv(X.T @ A @ X) + A.T @ X @ inv(X.T @ A.T @ X)), dX>
---
M = X.T@A@X
dM = dX.T@A@X + X.T@A@dX
d(det(M))
= det(M)*tr(inv(M)@dM)
= det(M)*tr(inv(M)@dX.T@A@X + inv(M)@X.T@A@dX)
= det(M)*(<A@X@inv(M), dX> + <A.T@X@inv(M).T, dX>)
= <det(M)*(A@X@inv(M) + A.T@X@inv(M).T), dX>
""",
    "ridge": """
r = y - X @ w
d(r.T @ r + lam * w.T @ w)
= 2 * r.T @ dr + 2 * lam * w.T @ dw
= -2 * r.T @ X @ dw + 2 * lam * w.T @ dw
= <2 * lam * w - 2 * X.T @ r, dw>
---
r = y - X @ w
df = d(r @ r + lam * w @ w)
= 2 * r @ dr + 2 * lam * w @ dw
= 2 * r @ (-X @ dw) + 2 * lam * w @ dw
= <2 * lam * w - 2 * X.T @ r, dw>
---
d((y - X @ w).T @ (y - X @ w) + lam * w.T @ w)
= (-X @ dw).T @ (y - X @ w) + (y - X @ w).T @ (-X @ dw) + lam * dw.T @ w + lam * w.T @ dw
= -2 * (y - X @ w).T @ X @ dw + 2 * lam * w.T @ dw
= <-2 * X.T @ (y - X @ w) + 2 * lam * w, dw>
---
d((y - X @ w) @ (y - X @ w) + lam * w @ w)
= d((y - X @ w) @ (y - X @ w)) + lam * d(w @ w)
= 2 * (y - X @ w) @ d(y - X @ w) + 2 * lam * w @ dw
= -2 * (y - X @ w) @ X @ dw + 2 * lam * w @ dw
= <2 * X.T @ (X @ w - y) + 2 * lam * w, dw>
---
r = X @ w - y
d(norm(r)**2 + lam * norm(w)**2)
= 2 * <r, dr> + 2 * lam * <w, dw>
= 2 * <r, X @ dw> + 2 * lam * <w, dw>
= <2 * X.T @ r + 2 * lam * w, dw>
---
r = y - X @ w
dr = -X @ dw
d(sum(r**2) + lam * sum(w**2))
= sum(2 * r * dr) + lam * sum(2 * w * dw)
= -2 * sum(r * (X @ dw)) + 2 * lam * sum(w * dw)
= <-2 * X.T @ r + 2 * lam * w, dw>
---
d(y.T @ y - 2 * y.T @ X @ w + w.T @ X.T @ X @ w + lam * w.T @ w)
= -2 * y.T @ X @ dw + dw.T @ X.T @ X @ w + w.T @ X.T @ X @ dw + lam * dw.T @ w + lam * w.T @ dw
= -2 * y.T @ X @ dw + 2 * w.T @ X.T @ X @ dw + 2 * lam * w.T @ dw
= <-2 * X.T @ y + 2 * X.T @ X @ w + 2 * lam * w, dw>
---
M = X.T @ X + lam * I
d(y.T @ y - 2 * y.T @ X @ w + w.T @ M @ w)
= -2 * y.T @ X @ dw + dw.T @ M @ w + w.T @ M @ dw
= <2 * M @ w - 2 * X.T @ y, dw>
---
d((y - X@w).T@(y - X@w) + lam*w.T@w)
= 2*(y - X@w).T@d(y - X@w) + 2*lam*w.T@dw
= 2*(X@w - y).T@X@dw + 2*lam*w.T@dw
= (2*X.T@(X@w - y) + 2*lam*w).T @ dw
= <2*X.T@(X@w - y) + 2*lam*w, dw>
---
r = y - X@w
f = r@r + lam*w@w
df = d(f)
df = d(r@r) + lam*d(w@w)
df = 2*r@dr + 2*lam*w@dw
df = -2*r@X@dw + 2*lam*w@dw
df = <-2*X.T@r + 2*lam*w, dw>
---
df = d((y - X@w)@(y - X@w) + lam*w@w)
df = 2*(y-X@w)@d(y-X@w) + 2*lam*w@dw
df = -2*(y-X@w)@X@dw + 2*lam*w@dw
df = <-2*X.T@(y-X@w) + 2*lam*w, dw>
""",
    "factorization_A": """
R = X - A @ S
d(norm(R)**2)
= 2 * <R, dR>
= -2 * <R, dA @ S>
= -2 * <R @ S.T, dA>
= <-2 * R @ S.T, dA>
---
R = X - A @ S
d(tr(R.T @ R))
= tr(dR.T @ R) + tr(R.T @ dR)
= 2 * tr(R.T @ dR)
= -2 * tr(R.T @ dA @ S)
= -2 * tr(S @ R.T @ dA)
= <-2 * R @ S.T, dA>
---
d(sum((X - A @ S)**2))
= sum(2 * (X - A @ S) * d(X - A @ S))
= -2 * sum((X - A @ S) * (dA @ S))
= -2 * tr((X - A @ S).T @ dA @ S)
= <-2 * (X - A @ S) @ S.T, dA>
---
d(norm(X - A @ S)**2)
= 2 * norm(X - A @ S) * d(norm(X - A @ S))
= 2 * <X - A @ S, -dA @ S>
= <2 * (A @ S - X) @ S.T, dA>
---
R = X - A @ S
d(<R, R>)
= <dR, R> + <R, dR>
= 2 * <R, dR>
= 2 * <R, -dA @ S>
= -2 * <R @ S.T, dA>
= <-2 * R @ S.T, dA>
---
d(tr((X - A @ S) @ (X - A @ S).T))
= tr(-dA @ S @ (X - A @ S).T) + tr((X - A @ S) @ (-dA @ S).T)
= -2 * tr(S @ (X - A @ S).T @ dA)
= <-2 * (X - A @ S) @ S.T, dA>
---
d(tr((X - A @ S) @ (X - A @ S).T))
= tr(-dA @ S @ (X - A @ S).T) + tr((X - A @ S) @ (-dA @ S).T)
= -2 * tr((X - A @ S) @ S.T @ dA.T)
= <-2 * (X - A @ S) @ S.T, dA>
""",
    "two_layer": """
H = tanh(X @ W1)
Z = H @ W2
S = softmax(Z)
d(-sum(Y * log(S)) / n)
= -sum(Y * d(log(S))) / n
= -sum(Y / S * dS) / n
= <(S - Y) / n, dZ>
= <(S - Y) / n, dH @ W2 + H @ dW2>
= <(S - Y) / n @ W2.T, dH> + <H.T @ (S - Y) / n, dW2>
= <(S - Y) / n @ W2.T * (1 - H**2), X @ dW1> + <H.T @ (S - Y) / n, dW2>
= <X.T @ ((S - Y) / n @ W2.T * (1 - H**2)), dW1> + <H.T @ (S - Y) / n, dW2>
---
Z1 = X @ W1
H = np.tanh(Z1)
Z = H @ W2
G = (softmax(Z) - Y) / n
d(-sum(Y * log(softmax(Z))) / n)
= <G, dZ>
= <G @ W2.T, dH> + <H.T @ G, dW2>
= <(G @ W2.T) * (1 - H * H), dZ1> + <H.T @ G, dW2>
= <X.T @ ((G @ W2.T) * (1 - H * H)), dW1> + <H.T @ G, dW2>
---
H = tanh(X @ W1)
Z = H @ W2
d((sum(log(sum(exp(Z), axis=1))) - sum(Y * Z)) / n)
= (sum(sum(exp(Z) * dZ, axis=1) / sum(exp(Z), axis=1)) - sum(Y * dZ)) / n
= <(softmax(Z) - Y) / n, dZ>
= <(softmax(Z) - Y) / n, dH @ W2 + H @ dW2>
= <(softmax(Z) - Y) @ W2.T / n, (1 - H**2) * (X @ dW1)> + <H.T @ (softmax(Z) - Y) / n, dW2>
= <X.T @ ((softmax(Z) - Y) @ W2.T * (1 - H**2)) / n, dW1> + <H.T @ (softmax(Z) - Y) / n, dW2>
---
H = tanh(X @ W1)
Z = H @ W2
P = softmax(Z)
L = -sum(Y * log(P)) / n
dL = -sum(Y * (dP / P)) / n
= -sum(Y * (dZ - sum(P * dZ, axis=1))) / n
= sum((P - Y) * dZ) / n
= sum((P - Y) * (dH @ W2)) / n + sum((P - Y) * (H @ dW2)) / n
= sum(((P - Y) @ W2.T) * (1 - H**2) * (X @ dW1)) / n + sum((P - Y) * (H @ dW2)) / n
= <X.T @ (((P - Y) @ W2.T) * (1 - H**2)) / n, dW1> + <H.T @ (P - Y) / n, dW2>
""",
}


def right_derivations() -> list[tuple[str, str]]:
    """(exercise, derivation) of all."""
    return [(name, one.strip("\n")) for name, texts in RIGHT.items() for one in texts.split("---\n")]
