"""Calibration and figures of one head: `z` logits, `p` probabilities, `y` labels 0 or 1."""
import numpy as np
from scipy.optimize import minimize

from common import fold


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -60, 60)))


def platt(z, y):
    """Scale and bias by logistic regression on one logit, Platt's smoothed targets."""
    pos, neg = y.sum(), (1 - y).sum()
    t = np.where(y > 0, (pos + 1) / (pos + 2), 1 / (neg + 2))

    def nll(v):
        q = v[0] * z + v[1]
        return np.mean(np.logaddexp(0, q) - t * q)
    v = minimize(nll, [1.0, 0.0], method="BFGS").x
    return round(float(v[0]), 6), round(float(v[1]), 6)


def ece(p, y, bins=10):
    """Expected calibration error, bins of equal count."""
    o = np.argsort(p)
    return float(sum(len(b) * abs(p[b].mean() - y[b].mean()) for b in np.array_split(o, bins) if len(b)) / len(p))


def reliability(p, y, bins=10):
    o = np.argsort(p)
    return [{"n": len(b), "upTo": round(float(p[b].max()), 6), "predicted": round(float(p[b].mean()), 4),
             "observed": round(float(y[b].mean()), 4), "positives": int(y[b].sum())} for b in np.array_split(o, bins)]


def cross_ece(z, y, patients):
    """Calibration error with scale and bias fitted on other patients (5 folds)."""
    f = np.array([fold("ece" + q) % 5 for q in patients])
    p = np.zeros(len(z))
    for k in range(5):
        s, b = platt(z[f != k], y[f != k])
        p[f == k] = sigmoid(s * z[f == k] + b)
    return ece(p, y)


def auc_ci(s, y, patients, n=1000, seed=0):
    """95 % interval of the AUC by drawing patients with replacement."""
    rng = np.random.default_rng(seed)
    _, inv = np.unique(patients, return_inverse=True)
    ids = inv.max() + 1
    order = np.argsort(s, kind="stable")
    y, inv = np.asarray(y)[order] > 0, inv[order]
    out = []
    for _ in range(n):
        w = np.bincount(rng.integers(0, ids, ids), minlength=ids)[inv].astype(float)
        pos, neg = w * y, w * ~y
        if pos.sum() and neg.sum():
            out.append((pos * (np.cumsum(neg) - neg / 2)).sum() / pos.sum() / neg.sum())
    return [round(float(v), 3) for v in np.percentile(out, [2.5, 97.5])]


def threshold_for(p, y, sensitivity):
    pos = np.sort(p[y > 0])
    k = int(np.floor(len(pos) * (1 - sensitivity) + 1e-9))
    return float(np.floor(pos[k] * 1e6) / 1e6)


def rates(p, y, t):
    return round(float((p[y > 0] >= t).mean()), 3), round(float((p[y == 0] < t).mean()), 3)


def why_not_shown(positives, auc, low):
    """Why a finding with these figures isn't shown; None if it is."""
    if positives < 20:
        return f"Only {positives} pictures in the validation set had it: too few to measure."
    if auc < .70:
        return f"It told apart too poorly on validation pictures (AUC {auc:.2f}, under 0.70)."
    if low < .60:
        return f"Its result is too uncertain (AUC {auc:.2f}, 95 % interval from {low:.2f})."
    return None
