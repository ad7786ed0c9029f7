"""The vault: a switched-off laptop cannot be read. One passphrase, or two papers brought together, open it.

`vault.json` beside the database holds this laptop's master key twice: sealed under the passphrase that is typed in the
morning, and sealed under the recovery key that two people keep on paper, half each. Every other key is made from the
master key and lies nowhere: that of the database, of the file of keys, of the cookies. So a new passphrase changes one
small file, and whoever copies the disk of a closed laptop holds nothing but sealed bytes.
"""
