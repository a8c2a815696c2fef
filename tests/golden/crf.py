"""A conditional random field in PyTorch, its weights named as in pytorch-crf: ln Z by the forward
algorithm, and the best sequence by Viterbi."""

import torch


class Crf(torch.nn.Module):
    def __init__(self, labels):
        super().__init__()
        self.start_transitions = torch.nn.Parameter(torch.randn(labels))
        self.end_transitions = torch.nn.Parameter(torch.randn(labels))
        self.transitions = torch.nn.Parameter(torch.randn(labels, labels))

    def score(self, y, c):
        total = self.start_transitions[c[0]] + self.end_transitions[c[-1]]
        for t, label in enumerate(c):
            total = total + y[t, label]
            if t > 0:
                total = total + self.transitions[c[t - 1], label]
        return total

    def log_z(self, y):
        alpha = self.start_transitions + y[0]
        for row in y[1:]:
            alpha = torch.logsumexp(alpha[:, None] + self.transitions, 0) + row
        return torch.logsumexp(alpha + self.end_transitions, 0)

    def marginals(self, y):
        with torch.enable_grad():
            y = y.detach().requires_grad_()
            return torch.autograd.grad(self.log_z(y), y)[0]

    def viterbi(self, y):
        best, back = self.start_transitions + y[0], []
        for row in y[1:]:
            best, before = (best[:, None] + self.transitions).max(0)
            best = best + row
            back.append(before)
        path = [(best + self.end_transitions).argmax().item()]
        for before in reversed(back):
            path.append(before[path[-1]].item())
        return path[::-1]
